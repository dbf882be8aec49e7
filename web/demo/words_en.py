"""What do people say in English?

Slots: {name} {place} {street} {days} {weeks} {amount} {count} {month} {agent}.
"""

from __future__ import annotations

from web.demo.phrases import Phrasebook, Topic

_TOPICS = {
    "billing": Topic(
        (
            "Charged twice for {month}", "My {month} bill is wrong", "£{amount} too much",
            "Why has my direct debit doubled?", "Bill for a house I left",
        ),
        (
            "You took £{amount} from me in {month} and then took it again {days} days later.",
            "My {month} bill is £{amount} higher than the one before and nothing has changed here.",
            "I moved out of {street} {weeks} weeks ago and I am still being billed for it.",
            "The discount I was promised in the {place} shop never reached my bill.",
            "My direct debit went up by £{amount} a month without a letter, an email or a call.",
        ),
        (
            "The bill says the reading was estimated although I send one every month.",
            "The second payment does not appear in my online account at all.",
            "Your own statement shows that I am £{amount} in credit.",
            "I have the contract in front of me and it says something else.",
        ),
    ),
    "outage": Topic(
        (
            "No internet for {days} days", "Line dead again", "Power keeps going off",
            "{count} cuts in one week", "Still no service in {street}",
        ),
        (
            "We have had no internet at {street} for {days} days.",
            "The connection drops every evening at about eight and comes back after midnight.",
            "Our electricity has gone off {count} times this week without any warning.",
            "The line has been dead since the engineer worked on the cabinet in {street}.",
        ),
        (
            "The status page says that everything in {place} is working.",
            "I restarted the router {count} times as your recorded message asked me to.",
            "The neighbours on both sides have the same trouble.",
            "A text message said it was repaired, and it was not.",
        ),
    ),
    "mass_outage": Topic(
        (
            "Two days without power and internet", "Storm outage in {place}",
            "Nobody told us anything during the outage", "Freezer full of food lost",
        ),
        (
            "Since the storm on the coast we have had neither power nor broadband in {place}.",
            "Everything went dark in {street} and it stayed dark for two days.",
            "We sat for two days in {place} without heating, light or telephone.",
            "The whole of {street} lost its supply and I found out from the radio.",
        ),
        (
            "The promised time of repair was moved {count} times.",
            "I lost food worth about £{amount} from the freezer.",
            "My mother is 84 and depends on her alarm, which needs the line.",
            "Your hotline cut me off {count} times after an hour of music.",
        ),
    ),
    "slow_speed": Topic(
        (
            "Paying for 500, getting 12", "Broadband far too slow", "Speed not as promised",
            "Video calls freeze every day",
        ),
        (
            "I pay for 500 megabits and measure 12, by cable, at every hour of the day.",
            "Since {month} the broadband has been so slow that we cannot work from home.",
            "The speed you guaranteed in writing has not been reached on one single day.",
        ),
        (
            "I have kept a log of {count} measurements and can send it.",
            "Your technician said the line is too long, your shop says it is fine.",
            "A new router changed nothing.",
        ),
    ),
    "installation": Topic(
        (
            "Installation half finished", "Hole in my wall", "Fibre order stuck for {weeks} weeks",
            "Cable left across the pavement",
        ),
        (
            "The engineer drilled through the skirting board, ran out of cable and left.",
            "I ordered fibre {weeks} weeks ago and still have no date.",
            "The installation team left a cable lying across the path at {street}.",
        ),
        (
            "I have photographs of the damage.",
            "Each time I ask I am told that another department is looking after it.",
            "The old line was switched off on the day you said, the new one was not switched on.",
        ),
    ),
    "missed_appointment": Topic(
        (
            "Engineer did not come", "Took a day off for nothing",
            "Missed appointment number {count}", "Waited from 8 till 6",
        ),
        (
            "I took a day off for your engineer and nobody came.",
            "The appointment was between eight and one; at six I stopped waiting.",
            "You cancelled my appointment by text message while I was already waiting.",
            "Your engineer says that nobody was at home, and I was there all day.",
        ),
        (
            "This is visit number {count} that did not happen.",
            "Nobody called to say that he would be late.",
            "I lost a day's pay, about £{amount}.",
            "The new date you offer is in {weeks} weeks.",
        ),
    ),
    "meter_reading": Topic(
        (
            "Estimated readings again", "Meter number mixed up", "Reading refused by the website",
            "Smart meter shows nothing",
        ),
        (
            "You have estimated my gas for {count} months although I send readings.",
            "The meter number on my bill belongs to the flat upstairs.",
            "Since it was installed the smart meter has shown dashes and nothing else.",
            "Your website tells me that my reading is too low to be true.",
        ),
        (
            "I have sent photographs of the meter twice.",
            "By my own sums I have paid about £{amount} too much.",
            "The reader came on a day when I had said I was away.",
        ),
    ),
    "switching": Topic(
        (
            "Switched without my consent", "Final bill never came", "Move to you went wrong",
            "Two suppliers are billing me",
        ),
        (
            "I never agreed to change supplier, and {weeks} weeks later I am your customer.",
            "I left you in {month} and still wait for the final bill and my credit of £{amount}.",
            "Since I joined you both you and my old supplier have been billing me.",
        ),
        (
            "The recording of the call must show that I said no.",
            "My old supplier says that the mistake is yours.",
            "I was told that it would be settled within {days} days.",
        ),
    ),
    "staff_conduct": Topic(
        (
            "Spoken to like a child", "Rude on the telephone", "Hung up on",
            "Told two different things",
        ),
        (
            "The person on the telephone laughed when I said that I could not pay at once.",
            "I was hung up on {count} times in one afternoon.",
            "One colleague said it was free, the next said £{amount}, the third knew of nothing.",
            "The man at the door would not show his badge and became loud.",
        ),
        (
            "I was polite the whole time; please listen to the recording.",
            "My daughter heard all of it.",
            "I do not want anybody punished, I want it not to happen again.",
        ),
    ),
    "shop_service": Topic(
        (
            "Two hours in the {place} shop", "Shop sold me the wrong contract",
            "Router returned, not recorded", "No seat for a disabled customer",
        ),
        (
            "I waited for two hours in your {place} shop and then it closed.",
            "I handed in my old router in {place} and now you charge me £{amount} for it.",
            "The shop in {place} sold me a contract for two years although I asked for one month.",
        ),
        (
            "I have the receipt.",
            "There was one person at the counter and a queue out of the door.",
            "The manager was said to be at lunch at half past four.",
        ),
    ),
    "cancellation": Topic(
        (
            "Cannot cancel", "Cancelled and still charged", "Exit fee of £{amount}",
            "Contract of my late father",
        ),
        (
            "I cancelled in writing in {month} and you still take money every month.",
            "You ask for £{amount} to let me go although my contract has ended.",
            "My father has died and nobody will close his account without speaking to him.",
            "The cancel button on your website leads to a page that is not there.",
        ),
        (
            "I have your own confirmation of the cancellation.",
            "I have sent the papers to {count} different addresses by now.",
            "Nobody could tell me where the exit fee is written down.",
        ),
    ),
}  # fmt: skip

_FOUND = {
    "billing": (
        "A payment run was repeated by mistake and nobody noticed. We have paid the difference "
        "back and now check each run a second time.",
        "The discount was noted on the wrong account. Your bill has been corrected from {month}.",
    ),
    "outage": (
        "A joint in the cabinet for {street} had corroded. It has been replaced, and we measured "
        "the line for three days afterwards.",
        "A card in our exchange failed and the one in reserve did not take over. Both are new now.",
    ),
    "mass_outage": (
        "The storm brought down the line to {place}. That it took two days was our doing: the "
        "spare transformer stood in the wrong depot. It now stands on the coast.",
    ),
    "slow_speed": (
        "Your line was set to the profile of an older contract. It now runs at the speed you pay "
        "for, and I have seen the measurements myself.",
    ),
    "installation": (
        "The team was sent with too little cable and without anybody to finish the wall. Both are "
        "booked again, and I will ring you on the evening of that day.",
    ),
    "missed_appointment": (
        "The appointment was never passed on to the engineer. The depot now confirms each booking "
        "by telephone the evening before.",
    ),
    "meter_reading": (
        "Two meter numbers were exchanged when your house was connected. They are right now, and "
        "the bills since {month} have been worked out again.",
    ),
    "switching": (
        "The switch was started from an address that looked like yours. We have undone it, and "
        "nothing is owed to either side.",
    ),
    "staff_conduct": (
        "I have listened to the recording. You were not spoken to as you should have been, and I "
        "have talked about it with the person and with the team.",
    ),
    "shop_service": (
        "The return was put on a shelf in {place} and never recorded. The charge is cancelled, "
        "and the shop now gives a receipt for everything.",
    ),
    "cancellation": (
        "Your letter was filed without being read. The contract has ended with the day you asked "
        "for, and what we took since then is on its way back.",
    ),
}

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
    found=_FOUND,
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
        "The contract names this on its first page. I have enclosed a copy, and the ways in which "
        "it can be changed.",
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
