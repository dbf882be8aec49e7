"""What do people say in English?

Slots: {name} {place} {street} {days} {weeks} {amount} {count} {month} {agent}.
"""

from __future__ import annotations

from web.demo.phrases import Phrasebook, Tale

_LINES = ("fibre", "broadband")
_ENERGY = ("electricity", "gas")
_TOPICS = {
    "billing": (
        Tale(
            ("Charged twice for {month}", "Double direct debit"),
            "You took £{amount} from me in {month} and then took it again {days} days later.",
            ("The second payment does not appear in my online account at all.",
             "My bank says that only you can give it back."),
            "A payment run was repeated by mistake and nobody noticed. We have paid the money "
            "back and now check each run a second time.",
        ),
        Tale(
            ("My {month} bill is wrong", "£{amount} too much", "Bill far too high"),
            "My {month} bill is £{amount} higher than the one before and nothing has changed here.",
            ("The bill says the reading was estimated although I send one every month.",
             "We were away for two of those weeks."),
            "Your bill was made from an estimate although your own reading was there. It has "
            "been worked out again from the reading.",
            _ENERGY,
        ),
        Tale(
            ("Bill for a house I left", "I moved out {weeks} weeks ago"),
            "I moved out of {street} {weeks} weeks ago and I am still being billed for it.",
            ("The final reading is on the form your colleague signed.",
             "The new tenant says that he is being billed as well."),
            "Your notice was entered for the day on which we read it, not for the day you moved. "
            "The account now ends on the right day.",
        ),
        Tale(
            ("Where is my discount?", "Promised discount missing"),
            "The discount I was promised in the {place} shop never reached my bill.",
            ("I have the offer in front of me, with a stamp.",),
            "The discount was noted on the account of somebody with a similar name. Your bills "
            "since {month} have been corrected.",
        ),
        Tale(
            ("Why has my direct debit doubled?", "Direct debit raised without a word"),
            "My direct debit went up by £{amount} a month without a letter, an email or a call.",
            ("Your own statement shows that I am in credit.",),
            "The new amount was worked out from a winter month alone. It is back at the old one, "
            "and you will be asked before it changes.",
            _ENERGY,
        ),
    ),
    "outage": (
        Tale(
            ("No internet for {days} days", "Line dead again", "Still no service in {street}"),
            "We have had no internet at {street} for {days} days.",
            ("The status page says that everything in {place} is working.",
             "A text message said it was repaired, and it was not."),
            "A card in our exchange failed and the one in reserve did not take over. Both are "
            "new now.",
            _LINES,
        ),
        Tale(
            ("Connection drops every evening", "No internet after eight"),
            "The connection drops every evening at about eight and comes back after midnight.",
            ("The neighbours on both sides have the same trouble.",
             "I restarted the router {count} times as your recorded message asked me to."),
            "More houses hang on the cabinet for {street} than it can carry in the evening. A "
            "second one has been connected.",
            _LINES,
        ),
        Tale(
            ("Power keeps going off", "{count} cuts in one week"),
            "Our electricity has gone off {count} times this week without any warning.",
            ("Each time the alarm clock, the freezer and my patience start again from zero.",),
            "A branch touched the line behind {street} whenever the wind blew. The tree has been "
            "cut back.",
            ("electricity",),
        ),
        Tale(
            ("Dead since your engineer was here", "Line cut off by mistake"),
            "The line has been dead since the engineer worked on the cabinet in {street}.",
            ("He was told so by my neighbour while he was still there.",),
            "Your pair of wires was disconnected by mistake. It is connected again, and we "
            "measured the line for three days afterwards.",
            _LINES,
        ),
    ),
    "mass_outage": (
        Tale(
            ("Two days without power and internet", "Storm outage in {place}"),
            "In the storm on the coast we had neither power nor broadband in {place} for two days.",
            ("The promised time of repair was moved {count} times.",
             "My mother is 84 and depends on her alarm, which needs the line."),
            "The storm brought down the line to {place}. That it took two days was our doing: "
            "the spare transformer stood in the wrong depot. It now stands on the coast.",
        ),
        Tale(
            ("Freezer full of food lost", "Everything spoilt"),
            "Everything went dark in {street}, it stayed dark, and the freezer thawed.",
            ("I lost food worth about £{amount} and have photographs of it.",),
            "The line to {street} was among the last to be repaired because our map was old. "
            "What you lost is ours to pay for.",
        ),
        Tale(
            ("Nobody told us anything during the outage", "Hotline dead when we needed it"),
            "The whole of {street} lost its supply and I found out why from the radio.",
            ("Your hotline cut me off {count} times after an hour of music.",
             "The text messages went to people in {place} who had power."),
            "The list of whom to warn was a year old, and the hotline had too few lines. Both "
            "have been put right.",
        ),
    ),
    "slow_speed": (
        Tale(
            ("Paying for 500, getting 12", "Speed not as promised"),
            "I pay for 500 megabits and measure 12, by cable, at every hour of the day.",
            ("I have kept a log of {count} measurements and can send it.",
             "The speed you guaranteed in writing has not been reached on one single day."),
            "Your line was set to the profile of an older contract. It now runs at the speed you "
            "pay for, and I have seen the measurements myself.",
        ),
        Tale(
            ("Broadband far too slow", "Video calls freeze every day"),
            "Since {month} the broadband has been so slow that we cannot work from home.",
            ("Your technician said the line is too long, your shop says it is fine.",
             "A new router changed nothing."),
            "Damp had got into the joint outside {street}. It has been dried and sealed, and the "
            "speed is back.",
        ),
    ),
    "installation": (
        Tale(
            ("Installation half finished", "Hole in my wall"),
            "The engineer drilled through the skirting board, ran out of cable and left.",
            ("I have photographs of the damage.",),
            "The team was sent with too little cable and without anybody to finish the wall. "
            "Both are booked again, and I will ring you on the evening of that day.",
        ),
        Tale(
            ("Fibre order stuck for {weeks} weeks", "Still no date"),
            "I ordered fibre {weeks} weeks ago and still have no date.",
            ("Each time I ask I am told that another department is looking after it.",
             "The old line was switched off on the day you said, the new one was not switched on."),
            "The order waited for a permit that had long been given. You have a date now, and it "
            "is the next one there was.",
        ),
        Tale(
            ("Cable left across the pavement", "Somebody will fall"),
            "The installation team left a cable lying across the path at {street}.",
            ("A neighbour with a pram has already stumbled over it.",),
            "The team meant to come back and was sent elsewhere. The cable is in the ground, and "
            "nobody may leave a path like that any more.",
        ),
    ),
    "missed_appointment": (
        Tale(
            ("Engineer did not come", "Took a day off for nothing",
             "Missed appointment number {count}"),
            "I took a day off for your engineer and nobody came.",
            ("This is visit number {count} that did not happen.",
             "I lost a day's pay, about £{amount}."),
            "The appointment was never passed on to the engineer. The depot now confirms each "
            "booking by telephone the evening before.",
        ),
        Tale(
            ("Waited from 8 till 6", "Nobody called"),
            "The appointment was between eight and one; at six I stopped waiting.",
            ("Nobody called to say that he would be late.",
             "The new date you offer is in {weeks} weeks."),
            "Your engineer was held up and had no way to reach you, because your number was "
            "missing on his sheet. It is there now.",
        ),
        Tale(
            ("I was at home!", "Engineer says nobody was in"),
            "Your engineer says that nobody was at home, and I was there all day.",
            ("My door camera shows nobody but the postman.",),
            "The engineer was at the same number in another street. I have talked to him, and "
            "the depot has a new map.",
        ),
        Tale(
            ("Cancelled while I was waiting", "Appointment cancelled by text"),
            "You cancelled my appointment by text message while I was already waiting.",
            ("The new date you offer is in {weeks} weeks.",),
            "Two engineers were ill and the office wrote too late. We keep one in reserve from "
            "now on.",
        ),
    ),
    "meter_reading": (
        Tale(
            ("Estimated readings again", "Nobody wants my readings"),
            "You have estimated my reading for {count} months although I send one every time.",
            ("I have sent photographs of the meter twice.",
             "By my own sums I have paid about £{amount} too much."),
            "Your readings came in under an old account number and were put aside. They count "
            "now, and the bills have been worked out again.",
        ),
        Tale(
            ("Meter number mixed up", "I pay for the flat upstairs"),
            "The meter number on my bill belongs to the flat upstairs.",
            ("We have both looked at the meters, and they agree with us.",),
            "Two meter numbers were exchanged when your house was connected. They are right now, "
            "and the bills since {month} have been worked out again.",
        ),
        Tale(
            ("Smart meter shows nothing", "Dashes instead of figures"),
            "Since it was installed the smart meter has shown dashes and nothing else.",
            ("Your website then tells me that my reading is too low to be true.",),
            "The meter was never told which tariff you have. It has been told, and I have seen "
            "its figures arrive.",
        ),
    ),
    "switching": (
        Tale(
            ("Switched without my consent", "I never agreed to this"),
            "I never agreed to change supplier, and {weeks} weeks later I am your customer.",
            ("The recording of the call must show that I said no.",),
            "The switch was started for an address that looks like yours. We have undone it, and "
            "nothing is owed to either side.",
        ),
        Tale(
            ("Final bill never came", "My credit of £{amount}"),
            "I left you in {month} and still wait for the final bill and my credit of £{amount}.",
            ("I was told that it would be settled within {days} days.",),
            "The final bill waited for a reading that we had all the time. It has been sent, and "
            "the credit is on its way.",
        ),
        Tale(
            ("Two suppliers are billing me", "Move to you went wrong"),
            "Since I joined you both you and my old supplier have been billing me.",
            ("My old supplier says that the mistake is yours.",),
            "We gave your old supplier the wrong day. It has been told the right one and has "
            "confirmed it.",
        ),
    ),
    "staff_conduct": (
        Tale(
            ("Spoken to like a child", "Laughed at on the telephone"),
            "The person on the telephone laughed when I said that I could not pay at once.",
            ("I was polite the whole time; please listen to the recording.",
             "My daughter heard all of it."),
            "I have listened to the recording. You were not spoken to as you should have been, "
            "and I have talked about it with the person and with the team.",
        ),
        Tale(
            ("Hung up on", "{count} calls, {count} times hung up on"),
            "I was hung up on {count} times in one afternoon.",
            ("I do not want anybody punished, I want it not to happen again.",),
            "The recordings bear you out. A setting ended calls after nine minutes; it is gone, "
            "and the team now rings back when a call breaks off.",
        ),
        Tale(
            ("Told three different things", "Which of you is right?"),
            "One colleague said it was free, the next said £{amount}, the third knew of nothing.",
            ("I wrote down each name and time.",),
            "The first of the three was right, and that is what counts. The others had an old "
            "price list, which has been taken away.",
        ),
    ),
    "shop_service": (
        Tale(
            ("Two hours in the {place} shop", "Closed in my face"),
            "I waited for two hours in your {place} shop and then it closed.",
            ("There was one person at the counter and a queue out of the door.",
             "The manager was said to be at lunch at half past four."),
            "Three of four colleagues were ill that day and nobody was sent to help. {place} can "
            "now call on the next shop.",
        ),
        Tale(
            ("Router returned, not recorded", "£{amount} for a router you have"),
            "I handed in my old router in {place} and now you charge me £{amount} for it.",
            ("I have the receipt.",),
            "The return was put on a shelf in {place} and never recorded. The charge is "
            "cancelled, and the shop now gives a receipt for everything.",
        ),
        Tale(
            ("Shop sold me the wrong contract", "Two years instead of one month"),
            "The shop in {place} sold me a contract for two years although I asked for one month.",
            ("He turned the screen away while I signed.",),
            "You should have been shown what you signed. The contract has been changed to one by "
            "the month, from its first day.",
        ),
    ),
    "cancellation": (
        Tale(
            ("Cancelled and still charged", "Cancelled in {month}"),
            "I cancelled in writing in {month} and you still take money every month.",
            ("I have your own confirmation of the cancellation.",),
            "Your letter was filed without being read. The contract has ended with the day you "
            "asked for, and what we took since then is on its way back.",
        ),
        Tale(
            ("Exit fee of £{amount}", "Fee for leaving"),
            "You ask for £{amount} to let me go although my contract has ended.",
            ("Nobody could tell me where the exit fee is written down.",),
            "The fee belongs to a contract you no longer had. It is cancelled.",
        ),
        Tale(
            ("Contract of my late father", "He cannot come to the telephone"),
            "My father has died and nobody will close his account without speaking to him.",
            ("I have sent the papers to {count} different addresses by now.",),
            "This should never have been asked of you, and I am truly sorry. The account is "
            "closed, and nobody will write to him again.",
        ),
        Tale(
            ("Cannot cancel", "The button leads nowhere"),
            "The cancel button on your website leads to a page that is not there.",
            ("The chat then told me to use the button.",),
            "The page was removed by mistake in {month}. Your cancellation counts from the day on "
            "which you first tried.",
        ),
    ),
}  # fmt: skip

_NOTES = {
    "": (
        "Rang back, no answer; left a message.",
        "Spoke to {name}. Calm, wants it in writing.",
        "Listened to the recording. The caller is right.",
        "Same address as a complaint in {month}.",
        "Please call, do not write: reads with difficulty.",
        "Best reached after six in the evening.",
    ),
    "billing": ("Billing has corrected it; the new bill is due at the end of the week.",),
    "outage": (
        "Network team confirms a fault on the {place} cabinet.",
        "Looks like the same cable joint as in {month}.",
    ),
    "slow_speed": ("Line test: profile is wrong, should be the faster one.",),
    "installation": ("Depot sends the team again; asked them to bring plaster.",),
    "missed_appointment": ("Engineer booked again; asked the depot to ring before coming.",),
    "meter_reading": ("Metering says the two numbers were exchanged.",),
    "switching": ("Asked the other supplier for the date of the request.",),
    "staff_conduct": ("Recording requested from the call centre.",),
    "shop_service": ("Asked the {place} shop for its till roll.",),
    "cancellation": ("Letter found: it was filed under the wrong account.",),
}

ENGLISH = Phrasebook(
    between=" ",
    topics=_TOPICS,
    openings=(
        "I am writing because I do not know what else to do.",
        "I have been a customer for {count} years and have never complained before.",
        "Please read this to the end.",
        "Good morning.",
        "This is about my account in {place}.",
        "I run a small bakery in {street} and depend on you.",
    ),
    effects=(
        "I work from home and have lost {days} days of work.",
        "My two children could not do their homework.",
        "It has cost me £{amount} and a good deal of sleep.",
        "I am 79 and live alone, and this frightens me.",
        "We had to stay with my sister.",
        "My account went into the red because of it.",
    ),
    before=(
        "I have called {count} times and explained it from the beginning each time.",
        "{agent} promised to call me back {days} days ago and did not.",
        "I wrote to you in {month} and never had an answer.",
        "The chat on your website sent me round in circles.",
        "In the {place} shop they told me to ring, on the telephone to go to the shop.",
    ),
    wishes=(
        "Please put it right and tell me by when.",
        "I want my £{amount} back.",
        "Please tell me what went wrong.",
        "I expect an apology and a clear answer.",
        "Please make sure that this does not happen to anybody else.",
        "Kindly confirm in writing that this is settled.",
        "I would like somebody to ring me who knows the case.",
    ),
    endings=(
        "If I hear nothing I will go to the ombudsman.",
        "I am not angry, only tired.",
        "The engineer himself was very kind, by the way.",
        "Thank you for looking into it.",
    ),
    follow_ups=(
        "Is there any news?",
        "I have found the receipt; it says £{amount}.",
        "It happened again last night.",
        "Thank you for the quick answer. One more thing: who will ring me, and when?",
        "You asked for a photograph. Here it is.",
        "I have now waited {days} days. When will I hear from you?",
    ),
    notes=_NOTES,
    waiting=(
        "Waiting for the photographs.",
        "Waiting for a copy of the letter.",
        "The complainant is away until next week.",
    ),
    extensions=(
        "The other supplier has not answered yet; we need a few more days.",
        "The recording is still being looked for.",
    ),
    escalations=(
        "Refund above what I may grant.",
        "Asks for a manager; third complaint about the same thing.",
        "The local paper has asked about it.",
    ),
    withdrawals=(
        "It has sorted itself out, please forget it.",
        "Sent to the wrong company, sorry.",
        "My husband had already written to you about it.",
    ),
    reopenings=(
        "The refund has not arrived.",
        "The fault is back, exactly as before.",
        "Your explanation does not fit what happened.",
    ),
    acknowledgements=(
        "Thank you for telling us. I am looking into it myself.",
        "I am sorry about the trouble; I have asked our {place} team for their records today.",
        "I have your complaint in front of me and will ring you as soon as I know more.",
    ),
    found_in_part=(
        "What we did was right in the end, but it came too late and nobody told you. That was our "
        "mistake, and we now write to everybody on the day.",
        "The records bear out the first half of what you describe. For the second half we found "
        "nothing that went wrong; I have enclosed what we looked at.",
        "The cause lay outside our hands. That you could not reach us meanwhile was our fault.",
    ),
    found_right=(
        "I have gone through every record of your account and listened to each call. What was "
        "done is what the contract says. I understand that this is not what you hoped for.",
        "A second colleague has checked it afresh and came to the same result. I have enclosed "
        "the figures day by day so that you can follow them.",
    ),
    rant=(
        "I have to tell you the whole story because nobody has ever listened to the whole story.",
        "On the first day I rang and was told to wait, so I waited, and nothing happened.",
        "On the {days}th day I rang again and was asked for my account number {count} times.",
        "I then went to the shop in {place}, on foot, in the rain, with the router under my coat.",
        "The young man there was friendly and could do nothing, as he said himself.",
        "I AM NOT SHOUTING BUT I WOULD LIKE TO.",
        "My neighbour at {street} had exactly the same and was paid £{amount} within a week.",
        "How can a company that sells connections be so hard to reach?",
        "I have written down each call, its time and its length, and I will read it to you.",
        "At this point {agent} put me through to a number that does not exist.",
        "I then wrote a letter, and after {weeks} weeks I wrote the same letter again.",
        "And do not tell me that my call is important to you.",
    ),
    odd=(
        ("<script>alert(1)</script>", "<script>alert(1)</script><img src=x onerror=alert(2)> My "
         "bill shows this text too. Is your website safe?"),
        ("{{7*7}} ${7*7}", "My surname is shown as {{7*7}} on every letter. '; DROP TABLE "
         "complaints;-- is printed under it."),
        ("😡😡😡",
         "No internet 😡 no answer 😡 no engineer 😡 but the bill was on time 👏👏👏 👨‍👩‍👧‍👦 ☔️"),
        ("", "broken"),
        ("WHERE IS MY ENGINEER???????????", "WHERE IS MY ENGINEER????????????????????????????????"),
        ("Café naïve – “smart quotes” &amp; double escaping",
         "Your letters turn “Zoë Brontë” into &quot;ZoÃ« BrontÃ«&quot;. Please &lt;fix&gt; that."),
        ("Fwd: Fwd: RE: re: AW: my complaint",
         "> > > please answer\n> > see below\n> as discussed\n\nSent from my telephone"),
    ),
)  # fmt: skip
