# Puts captions and AFD into MPEG-2 video, and makes SMPTE 436 packets: FFmpeg can only pass them on.
# SPDX-License-Identifier: LGPL-2.1-or-later
import struct

PICTURE, USER_DATA = b"\0\0\1\0", b"\0\0\1\xb2"
PACKET = 512  # bytes of ancillary data for each frame


def with_captions(elementary_stream):
    """Yields MPEG-2 video, frames only, with A53 captions of their own in each frame, and AFD 10 (16:9) in the first.

    elementary_stream: an object with read(), such as a file.
    """
    number, rest = -1, b""
    while True:
        chunk = elementary_stream.read(1 << 20)
        *pieces, rest = (rest + chunk).split(PICTURE)
        for piece in pieces if chunk else [*pieces, rest]:
            yield piece if number < 0 else PICTURE + captioned(piece, number)
            number += 1
        if not chunk:
            return


def captioned(picture, number):
    slices = picture.index(b"\0\0\1\1")
    data = USER_DATA + b"GA94\3" + caption(number)
    if number == 0:
        data += USER_DATA + b"DTG1\x41\xfa"
    return picture[:slices] + data + picture[slices:]


def caption(number):
    """The cc_data of frame number, in the order of the stream."""
    letters = bytes([0xFC, ord("A") + number % 26, ord("a") + number // 26 % 26, 0xFD, 0x80, 0x80])
    return bytes([0x40 | len(letters) // 3, 0xFF]) + letters + b"\xff"


def ancillary_packet(number):
    """One frame's SMPTE 436 packet, of PACKET bytes: a caption packet (DID 61, SDID 01) in line 9 that names the frame."""
    text = b"\x61\x01" + bytes([64]) + b"frame %08d" % number + bytes(50)
    line = struct.pack(">HBBHII", 9, 1, 4, len(text), (len(text) + 3) // 4 * 4, 1) + text.ljust((len(text) + 3) // 4 * 4, b"\0")
    return (struct.pack(">H", 1) + line).ljust(PACKET, b"\0")
