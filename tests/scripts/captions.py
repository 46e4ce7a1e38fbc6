# Puts captions and AFD into MPEG-2 video, and makes SMPTE 436 packets: FFmpeg can only pass them on.
# SPDX-License-Identifier: LGPL-2.1-or-later
import struct

PICTURE, USER_DATA = b"\0\0\1\0", b"\0\0\1\xb2"
PACKET = 512  # bytes of ancillary data for each frame


def with_captions(elementary_stream):
    """MPEG-2 video, frames only, with A53 captions of their own in each frame, and AFD 10 (16:9) in the first."""
    pictures = elementary_stream.split(PICTURE)
    for number, picture in enumerate(pictures[1:]):
        slices = picture.index(b"\0\0\1\1")
        letters = bytes([0xFC, ord("A") + number % 26, ord("a") + number // 26 % 26, 0xFD, 0x80, 0x80])
        data = USER_DATA + b"GA94\3" + bytes([0x40 | len(letters) // 3, 0xFF]) + letters + b"\xff"
        if number == 0:
            data += USER_DATA + b"DTG1\x41\xfa"
        pictures[number + 1] = picture[:slices] + data + picture[slices:]
    return PICTURE.join(pictures)


def ancillary_packet(number):
    """One frame's SMPTE 436 packet, of PACKET bytes: a caption packet (DID 61, SDID 01) in line 9 that names the frame."""
    text = b"\x61\x01" + bytes([64]) + b"frame %08d" % number + bytes(50)
    line = struct.pack(">HBBHII", 9, 1, 4, len(text), (len(text) + 3) // 4 * 4, 1) + text.ljust((len(text) + 3) // 4 * 4, b"\0")
    return (struct.pack(">H", 1) + line).ljust(PACKET, b"\0")
