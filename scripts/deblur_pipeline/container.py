"""What an output container can hold of a source's streams, and how: copied, converted or left out, with a line each."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from pathlib import Path

from . import paths
from .video import is_decodable, is_picture

TEXT_SUBTITLES = {"subrip", "ass", "ssa", "webvtt", "mov_text", "text", "srt", "microdvd", "jacosub", "sami", "realtext",
                  "subviewer", "subviewer1", "vplayer", "mpl2", "pjs", "stl"}
MOV_AUDIO = set("aac ac3 eac3 alac mp2 mp3 dts pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le "
                "pcm_f32be pcm_f64le pcm_f64be pcm_u8 pcm_s8 pcm_alaw pcm_mulaw amr_nb amr_wb".split())
PCM = "pcm"  # as deep as the source decodes
MXF_PCM = {"pcm_s16le": "pcm_s16le", "pcm_u8": "pcm_s16le"}

# For each container: codecs that may be copied (None: all that its muxer takes), and what others become: the first that
# works. None: they are left out.
CONTAINERS = {
    "mp4": {
        "audio": (set("aac ac3 eac3 alac mp2 mp3 dts flac opus vorbis".split()), [["aac", "-b", "256k"], ["flac"], ["alac"]]),
        "subtitle": ({"mov_text", "dvd_subtitle"}, [["mov_text"]]),
        "picture": ({"mjpeg", "png", "bmp"}, None),
        "attachment": (set(), None),
    },
    "mov": {
        "audio": (MOV_AUDIO, [PCM]),
        "subtitle": ({"mov_text", "eia_608"}, [["mov_text"]]),
        "picture": (set(), None),
        "attachment": (set(), None),
    },
    "matroska": {
        "audio": (None, [PCM]),
        "subtitle": (None, [["subrip"]]),
        "picture": ({"mjpeg", "png", "bmp", "gif", "webp", "tiff"}, None),
        "attachment": (None, None),
    },
    "mxf": {
        "audio": ({"pcm_s16le", "pcm_s24le"}, [PCM]),
        "subtitle": (set(), None),
        "picture": (set(), None),
        "attachment": (set(), None),
    },
}
MIME_TYPES = {"mjpeg": "image/jpeg", "png": "image/png", "bmp": "image/bmp", "gif": "image/gif", "webp": "image/webp",
              "tiff": "image/tiff"}


class Mapping:
    """Options that map a source's streams into an output.

    options: for ffmpeg, without those of the restored video itself; videos: output numbers of the streams to restore, in
    the order of the source's; streams: for each output number the source's number; notes: a line for each stream that is
    not simply copied; pictures: cover streams that the container takes as attachments, for attach().
    """

    def __init__(self, ffmpeg, path, probed, container, source=0):
        self.ffmpeg, self.path, self.probed, self.container, self.source = ffmpeg, path, probed, container, source
        self.options, self.videos, self.streams, self.notes, self.pictures = [], [], [], [], []
        for stream, codec in self.choose():
            self.map(stream, codec)
        self.options += ["-map_metadata", source, "-map_chapters", source]
        if container == "mxf" and probed.get("chapters"):
            self.notes.append("chapters are left out: mxf cannot hold them")

    def choose(self):
        """(stream, codec) of all that will be in the output: as the tables say, corrected by what the muxer refuses."""
        chosen = [(stream, codecs) for stream in ordered(self.probed["streams"], self.container)
                  if (codecs := self.codecs(stream)) is not None]
        tried = [(stream, codecs[0]) for stream, codecs in chosen if codecs[0] is not None]
        fits = self.container == "mxf" or self.works(tried) or not self.works([])
        result = []
        for stream, codecs in chosen:
            codec = codecs[0]
            if codec is not None and not fits:
                codec = next((c for c in codecs if self.works([(stream, c)])), None)
                if codec is None:
                    self.notes.append(f"{name_of(stream)} is left out: this ffmpeg cannot write it to {self.container}")
                    continue
            if codec and codec[0] != "copy":
                self.notes.append(f"{name_of(stream)} becomes {codec[0]}: {self.container} cannot hold it as it is")
            result.append((stream, codec))
        return result

    def codecs(self, stream):
        """Codecs to try for a stream, each as [encoder, option without specifier, value ...]; None in place of one: it is
        restored; None in place of all: it is left out, which has been noted or needs no word."""
        rules = CONTAINERS[self.container]
        kind, codec = stream["codec_type"], stream.get("codec_name", "unknown")
        name = name_of(stream)
        if kind == "video" and not is_picture(stream):
            if is_decodable(stream):
                return [None]
            self.notes.append(f"{name} is left out: this ffmpeg cannot decode it")
            return None
        if kind == "data":
            return self.data_codecs(stream, name)
        if kind not in ("video", "audio", "subtitle", "attachment"):
            self.notes.append(f"{name} is left out: its kind is unknown")
            return None
        copied, conversions = rules["picture" if kind == "video" else kind]
        if kind == "video" and self.container == "matroska" and codec in copied:
            self.pictures.append(stream)
            return None
        if kind == "subtitle" and codec not in TEXT_SUBTITLES:
            conversions = None  # pictures do not become text
        codecs = [["copy"]] if copied is None or codec in copied else []
        codecs += [self.pcm(stream) if c == PCM else c for c in conversions or []]
        if codecs:
            return codecs
        self.notes.append(f"{name} is left out: {self.container} cannot hold it")
        return None

    def pcm(self, stream):
        """PCM of the depth that a stream decodes to; MXF: 16 or 24 bits."""
        codec, depth = stream.get("codec_name", ""), int(stream.get("bits_per_raw_sample", 0) or 0)
        form = stream.get("sample_fmt", "").rstrip("p")
        if self.container == "mxf":
            return [MXF_PCM.get(codec) or ("pcm_s16le" if form in ("s16", "u8") else "pcm_s24le")]
        if form in ("flt", "dbl") and self.container == "matroska":
            return [{"flt": "pcm_f32le", "dbl": "pcm_f64le"}[form]]
        if form in ("s16", "u8"):
            return ["pcm_s16le"]
        return ["pcm_s32le" if form == "s32" and depth > 24 else "pcm_s24le"]

    def data_codecs(self, stream, name):
        tag, container = stream.get("codec_tag_string"), self.container
        if tag == "text":
            return None  # the titles of MOV's chapters, which come along as chapters
        if tag == "tmcd":
            # FFmpeg's muxers write the time code anew, from the metadata of the video.
            if container not in ("mp4", "mov"):
                self.notes.append(f"{name}: the time code becomes metadata")
            return None
        if is_vanc(stream) and container == "mxf" or tag == "gpmd" and container in ("mp4", "mov"):
            return [["copy"]]
        self.notes.append(f"{name} is left out: FFmpeg cannot write it to {container}")
        return None

    def works(self, streams):
        """Whether ffmpeg can write these streams beside a video into the container: tried with what one frame lasts."""
        video = next((s for s in self.probed["streams"] if self.codecs_of_video(s)), None)
        if video is None:
            return True
        arguments = ["-map", f"0:{video['index']}", "-filter:0", "scale=64:64,format=yuvj420p", "-c:0", "mjpeg", "-strict", "-2",
                     "-frames:0", "1"]
        for number, (stream, codec) in enumerate(streams, 1):
            arguments += ["-map", f"0:{stream['index']}", *numbered(codec, number), *attachment_tags(stream, number)]
        return self.ffmpeg.works([*paths.source(self.path), *arguments, "-shortest", "-f", self.container, "file:/dev/null"])

    @staticmethod
    def codecs_of_video(stream):
        return stream["codec_type"] == "video" and not is_picture(stream) and is_decodable(stream)

    def map(self, stream, codec):
        number = len(self.streams)
        self.options += ["-map", f"{self.source}:{stream['index']}"]
        if codec is None:
            self.videos.append(number)
        else:
            self.options += numbered(codec, number)
        if self.container == "matroska":
            self.options += attachment_tags(stream, number)
        self.streams.append(stream["index"])

    def attach(self, folder):
        """Options that put covers into Matroska, where they are attachments: the pictures are written to folder first."""
        options = []
        for stream in self.pictures:
            kind = MIME_TYPES[stream["codec_name"]]
            name = next((v for k, v in stream["tags"].items() if k.lower() == "filename"), f"cover.{kind.rpartition('/')[2]}")
            file = Path(folder) / f"cover-{stream['index']}"
            file.write_bytes(self.ffmpeg.output([*paths.source(self.path), "-map", f"0:{stream['index']}", "-c", "copy",
                                                 "-frames:v", "1", "-f", "image2pipe", "-"]))
            number = len(self.streams) + len(options) // 6
            options += ["-attach", paths.url(file), f"-metadata:s:{number}", f"mimetype={kind}", f"-metadata:s:{number}",
                        f"filename={name}"]
        return options


def numbered(codec, number):
    name, *options = codec
    return [f"-c:{number}", name, *(word for option, value in zip(options[::2], options[1::2])
                                    for word in (f"{option}:{number}", value))]


def attachment_tags(stream, number):
    """What Matroska demands of an attachment and not every source has."""
    if stream["codec_type"] != "attachment":
        return []
    tags = {key.lower() for key in stream["tags"]}
    missing = [("mimetype", "application/octet-stream"), ("filename", f"attachment-{stream['index']}")]
    return [word for key, value in missing if key not in tags for word in (f"-metadata:s:{number}", f"{key}={value}")]


def name_of(stream):
    return f"stream {stream['index']} ({stream['codec_type']}, {stream.get('codec_name', 'unknown')})"


def is_vanc(stream):
    """Whether this is a SMPTE ST 436 track of an MXF file: captions, AFD and other ancillary data."""
    return stream.get("codec_name") == "smpte_436m_anc" or stream["tags"].get("data_type") == "vbi_vanc_smpte_436M"


def ordered(streams, container):
    """MXF: video first, and data last, as FFmpeg's muxer demands."""
    order = {"video": 0, "data": 2}
    return sorted(streams, key=lambda s: order.get(s["codec_type"], 1)) if container == "mxf" else streams
