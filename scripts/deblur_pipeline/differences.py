"""What is different between a source and an output, as lines for the user: told by ffprobe after the run."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from .program import Error
from .video import UNKNOWN, declared_interlaced, side_data

# Tags that containers and encoders write about themselves.
OWN_TAGS = {"encoder", "encoded_by", "major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id", "duration",
            "creation_time", "com.apple.quicktime.creationdate", "timecode", "filename", "mimetype", "modification_date",
            "variant_bitrate", "service_name", "service_provider", "statistics", "bps", "number_of_frames", "number_of_bytes",
            "source_id", "uid", "generation_uid", "company_name", "product_name", "product_version_num", "product_version",
            "application_platform", "product_uid", "toolkit_version_num", "toolkit_version", "material_package_umid",
            "material_package_name", "operational_pattern_ul", "file_package_umid", "file_package_name", "track_name",
            "reel_umid", "reel_name", "reel_uid", "data_type", "software", "source", "id3v2_priv.xmp", "alpha_mode",
            "metadatacreator", "hasvideo", "hasaudio", "hasmetadata", "canseektoend", "videocodecid", "audiocodecid", "stereo"}
OWN_SIDE_DATA = {"Display Matrix", "CPB properties", "Skip Samples", "unknown", None, "QuickTime Metadata"}


def require_frames(source, log, mapping):
    """Raises Error if a run has not written as many frames as it decoded."""
    for output in mapping.videos:
        decoded, written = log.decoded.get(mapping.streams[output]), log.written.get(output)
        if decoded is not None and written is not None and decoded != written:
            raise Error(f"{source}: ffmpeg decoded {decoded} frames, and {written} are in the output")


def require_whole(ffmpeg, label, path, mapping, log):
    """Raises Error unless a file holds, for a demuxer, the packets that ffmpeg says it has written."""
    for output in mapping.videos:
        wanted = log.written.get(output)
        found = packet_count(ffmpeg, path, output)
        if wanted is not None and found != wanted:
            raise Error(f"{label}: {wanted} frames were written, and {found} can be read")


def packet_count(ffmpeg, path, stream):
    probed = ffmpeg.probe(path, "-select_streams", str(stream), "-count_packets", "-show_entries", "stream=nb_read_packets")
    return int(probed["streams"][0].get("nb_read_packets", 0)) if probed["streams"] else 0


def resized(log):
    return "the picture's size changes to {}x{} at {} s: scaled to that of the beginning".format(*log.resized)


def lines(before, after, mapping):
    """Lines that tell what the output has not of the source, and that nobody could see from its preset."""
    found = []
    lost = missing(before["format"]["tags"], after["format"]["tags"], streams_tags(after))
    if lost:
        found.append(f"tags left out, which {mapping.container} cannot hold: {', '.join(lost)}")
    for output, number in enumerate(mapping.streams):
        one = next(s for s in before["streams"] if s["index"] == number)
        other = after["streams"][output] if output < len(after["streams"]) else None
        name = f"stream {number} ({one['codec_type']})"
        if other is None:
            found.append(f"{name} is not in the output")
            continue
        if lost := missing(one["tags"], other["tags"], after["format"]["tags"]):
            found.append(f"{name}: tags left out: {', '.join(lost)}")
        flags = [k for k, v in one["disposition"].items() if v and not other["disposition"].get(k) and k != "default"]
        if flags:
            found.append(f"{name}: no longer marked as {', '.join(flags)}")
        if output in mapping.videos:
            found += [f"{name}: {text}" for text in video_lines(one, other)]
    chapters = len(before.get("chapters", [])), len(after.get("chapters", []))
    if chapters[1] < chapters[0] and mapping.container != "mxf":
        found.append(f"{chapters[0] - chapters[1]} of {chapters[0]} chapters are left out")
    return found


def video_lines(one, other):
    for key in ("color_space", "color_primaries", "color_transfer"):
        if one.get(key) not in UNKNOWN + ("gbr",) and one[key] != other.get(key):
            yield f"{key} was {one[key]} and is {other.get(key, 'unknown')}"
    ratio = one.get("sample_aspect_ratio")
    if ratio not in (None, "0:1", "1:1", "N/A") and ratio != other.get("sample_aspect_ratio") \
            and not side_data(one).get("Display Matrix"):
        yield f"pixels were {ratio} and are {other.get('sample_aspect_ratio', 'unknown')}"
    lost = set(side_data(one)) - set(side_data(other)) - OWN_SIDE_DATA
    if lost:
        yield f"left out: {', '.join(sorted(lost))}"
    if declared_interlaced(one) and other.get("codec_name") not in ("h264", "hevc", "av1") \
            and fields(one) != fields(other):
        yield f"fields were {fields(one)} and are {fields(other)}"


def fields(stream):
    # MOV tells tb for what MXF and Matroska call tt: frames of both fields, the top one first.
    return {"t": "top first", "b": "bottom first"}.get(stream.get("field_order", "progressive")[0], "progressive")


def missing(before, after, elsewhere):
    """Names of tags that are gone, whatever their case."""
    kept = {plain(key) for key in [*after, *elsewhere]}
    return sorted(key for key in before
                  if before[key] != "und" and plain(key) not in kept and plain(key) not in OWN_TAGS and not plain(key).startswith("_statistics")
                  and plain(key).partition("-")[0] not in OWN_TAGS)


def plain(key):
    return key.lower()


def streams_tags(probed):
    return [key for stream in probed["streams"] for key in stream["tags"]]
