"""Which streams of a source an output container can hold, and how: copied, converted or left out."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from .ffmpeg import is_picture

TEXT_SUBTITLES = {"subrip", "ass", "ssa", "webvtt", "mov_text", "text"}
MOV_AUDIO = set("aac ac3 eac3 alac mp2 mp3 dts pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le "
                "pcm_f32be pcm_f64le pcm_f64be pcm_u8 pcm_s8 pcm_alaw pcm_mulaw amr_nb amr_wb".split())

# For each container: codecs that it holds as they are, and what others are converted to; None: they are left out.
# None instead of a set of codecs: all.
CONTAINERS = {
    "mp4": {
        "audio": (set("aac ac3 eac3 alac mp2 mp3 dts flac opus vorbis".split()), ["aac", "-b", "256k"]),
        "subtitle": ({"mov_text", "dvd_subtitle"}, ["mov_text"]),
        "picture": ({"mjpeg", "png"}, None),
        "attachment": (set(), None),
    },
    "mov": {
        "audio": (MOV_AUDIO, ["pcm_s24le"]),
        "subtitle": ({"mov_text", "eia_608"}, ["mov_text"]),
        "picture": (set(), None),
        "attachment": (set(), None),
    },
    "matroska": {
        "audio": (None, None),
        "subtitle": ({"subrip", "ass", "webvtt", "dvd_subtitle", "hdmv_pgs_subtitle", "dvb_subtitle"}, ["subrip"]),
        "picture": ({"mjpeg", "png"}, None),
        "attachment": (None, None),
    },
    "mxf": {
        "audio": ({"pcm_s16le", "pcm_s24le"}, ["pcm_s24le"]),
        "subtitle": (set(), None),
        "picture": (set(), None),
        "attachment": (set(), None),
    },
}
# What PCM turns into where the container lacks it: another byte order or depth with the same values.
SAME_PCM = {"pcm_s16be": "pcm_s16le", "pcm_s24be": "pcm_s24le", "pcm_u8": "pcm_s16le", "pcm_s8": "pcm_s16le"}


class Mapping:
    """Options that map a source's streams into an output.

    options: for ffmpeg, without those of the deblurred video itself; videos: output numbers of the video streams to
    deblur, in the order of the source's; notes: a line for each stream that is not simply copied.
    """

    def __init__(self, probed, container, source=0):
        self.options, self.videos, self.notes = [], [], []
        self.count, self.source = 0, source
        rules = CONTAINERS[container]
        for stream in ordered(probed["streams"], container):
            kind, codec = stream["codec_type"], stream.get("codec_name", "unknown")
            name = f"stream {stream['index']} ({kind}, {codec})"
            if kind == "video" and not is_picture(stream):
                self.videos.append(self.count)
                self.map(stream, [])
            elif kind == "data":
                self.map_data(stream, container, name)
            else:
                copied, conversion = rules["picture" if kind == "video" else kind]
                if kind == "subtitle" and codec not in TEXT_SUBTITLES:
                    conversion = None  # pictures do not become text
                if copied is None or codec in copied:
                    self.map(stream, ["copy"])
                elif conversion is None:
                    self.notes.append(f"{name} is left out: {container} cannot hold it")
                else:
                    if container == "mxf" or container == "mov":
                        conversion = [SAME_PCM[codec]] if codec in SAME_PCM else conversion
                    self.map(stream, conversion)
                    self.notes.append(f"{name} becomes {conversion[0]}: {container} cannot hold it as it is")
        self.options += ["-map_metadata", source, "-map_chapters", source]
        if container == "mxf" and probed.get("chapters"):
            self.notes.append("chapters are left out: mxf cannot hold them")

    def map(self, stream, codec):
        """codec: [] for the default or [encoder, option without its stream specifier, value ...]."""
        self.options += ["-map", f"{self.source}:{stream['index']}"]
        if codec:
            name, *options = codec
            self.options += [f"-c:{self.count}", name]
            for option, value in zip(options[::2], options[1::2]):
                self.options += [f"{option}:{self.count}", value]
        self.count += 1

    def map_data(self, stream, container, name):
        if stream.get("codec_tag_string") == "text":
            return  # the titles of MOV's chapters, which come along as chapters
        if stream.get("codec_tag_string") == "tmcd":
            # FFmpeg's muxers write the time code anew, from the metadata of the video.
            if container not in ("mp4", "mov"):
                self.notes.append(f"{name}: the time code becomes metadata")
        elif is_vanc(stream) and container == "mxf" or \
                stream.get("codec_tag_string") == "gpmd" and container in ("mp4", "mov"):
            self.map(stream, ["copy"])
        else:
            self.notes.append(f"{name} is left out: FFmpeg cannot write it to {container}")


def is_vanc(stream):
    """Whether this is a SMPTE ST 436 track of an MXF file: captions, AFD and other ancillary data."""
    return stream.get("codec_name") == "smpte_436m_anc" or \
        stream.get("tags", {}).get("data_type") == "vbi_vanc_smpte_436M"


def ordered(streams, container):
    """MXF: video first, and data last, as FFmpeg's muxer demands."""
    order = {"video": 0, "data": 2}
    return sorted(streams, key=lambda s: order.get(s["codec_type"], 1)) if container == "mxf" else streams
