"""How much of a message do we look at?

Whatever is beyond a bound stays in the raw message, which is kept whole; what is cut is said among
the troubles of the message. The figures are far above what people send and far below what hurts.
"""

from __future__ import annotations

HEADER_BYTES = 256 * 1024
"""Of one header block. The longest seen in real mail is about 40 kB."""
FIELD_BYTES = 32 * 1024
"""Of one header field, unfolded."""
FIELDS = 2_000
"""Header fields of one block."""
PARTS = 1_000
"""Parts of one message, at any depth."""
DEPTH = 20
"""Multiparts within multiparts, and messages within messages; what lies deeper stays whole."""
TEXT_CHARS = 500_000
"""Of the words of a message; a novel has half as many."""
HTML_CHARS = 500_000
HTML_DEPTH = 100
"""Elements within elements; deeper ones lose their tag and keep their words."""
ADDRESSES = 500
REFERENCES = 200
NAME_CHARS = 200
"""Of the name of an attachment or a person."""
SUBJECT_CHARS = 500
SAMPLE_BYTES = 16 * 1024
"""Looked at to guess a charset."""
ARCHIVE_ENTRIES = 1_000
TNEF_ATTACHMENTS = 200
RTF_BYTES = 512 * 1024
"""Of compressed rich text; it grows at most ninefold."""
RECIPIENTS = 100
"""Of one delivery report."""
