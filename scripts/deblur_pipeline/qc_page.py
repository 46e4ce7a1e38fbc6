"""The quality report of deblur-broadcast as one HTML page that needs nothing else."""
# SPDX-License-Identifier: LGPL-2.1-or-later
from html import escape
from pathlib import Path

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1100px; padding: 0 1em; color: #1c1c1c }
h1 { font-size: 1.5em; margin-bottom: 0 } h2 { font-size: 1.15em; margin-top: 2em }
.about { color: #666; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } td, th { padding: .3em .8em; border-bottom: 1px solid #ddd; text-align: left }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.verdict, .mark { font-weight: 600 } .good { color: #17703a } .bad { color: #b3261e } .note { color: #8a6100 }
figure { margin: 1.5em 0 } img { width: 100%; display: block } figcaption { color: #444; padding-top: .3em }
svg { width: 100%; height: auto } svg text { font-size: 12px; fill: #444 }
"""
MARKS = {True: ("good", "ok"), False: ("bad", "WRONG"), None: ("note", "note")}


def page(report):
    good = report["passed"]
    return f"""<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>QC: {escape(Path(report['output']).name)}</title><style>{STYLE}</style>
<h1>{escape(Path(report['output']).name)}</h1>
<p class="about">from {escape(report['source'])}<br>{escape(report['filter'])}</p>
<p class="verdict {'good' if good else 'bad'}">{'All checks passed.' if good else 'Checks failed.'}</p>
<h2>Checks</h2>
<table>{''.join(map(check_row, report['checks']))}</table>
<h2>Sharpness of each frame</h2>
<p class="about">Variance of the Laplacian of luma at the network's resolution. Dashed: new scenes.</p>
{plot(report['frames'])}
<h2>Scenes</h2>
<table><tr><th class="number">first frame<th class="number">frames<th class="number">sharpness before
<th class="number">after<th class="number">ratio</tr>{''.join(map(scene_row, report['scenes']))}</table>
<h2>Worst frames</h2>
<p class="about">Those that gained least. Left: source. Right: output.</p>
{''.join(map(figure, report['worst']))}
</html>
"""


def check_row(check):
    style, mark = MARKS[check["passed"]]
    return f"<tr><td>{escape(check['name'])}<td class='mark {style}'>{mark}<td>{escape(check['text'])}</tr>"


def scene_row(scene):
    before, after = scene["sharpness_before"], scene["sharpness_after"]
    numbers = (scene["first"], scene["frames"], f"{before:.1f}", f"{after:.1f}", f"{after / before:.3f}" if before else "")
    return "<tr>" + "".join(f"<td class='number'>{n}" for n in numbers) + "</tr>"


def figure(row):
    return (f"<figure><img src='{row['picture']}' alt='frame {row['frame']} before and after'><figcaption>Frame "
            f"{row['frame']}: sharpness {row['sharpness_before']:.1f} before, {row['sharpness_after']:.1f} after"
            "</figcaption></figure>")


def plot(rows, width=1060, height=260, left=60, bottom=30):
    """Two lines over the frames. Long videos: the mean of as many frames as share a pixel."""
    if not rows:
        return ""
    step = max(1, len(rows) // (width - left))
    groups = [rows[i:i + step] for i in range(0, len(rows), step)]
    top = max(max(r["sharpness_before"], r["sharpness_after"]) for r in rows) or 1

    def x(frame):
        return left + (width - left - 10) * frame / max(1, len(rows) - 1)

    def y(value):
        return 30 + (height - bottom - 30) * (1 - value / top)

    def line(key, colour):
        points = " ".join(f"{x(g[0]['frame']):.1f},{y(sum(r[key] for r in g) / len(g)):.1f}" for g in groups)
        return f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='1.5'/>"

    cuts = "".join(f"<line x1='{x(r['frame']):.1f}' x2='{x(r['frame']):.1f}' y1='30' y2='{height - bottom}' stroke='#999' "
                   "stroke-dasharray='4 4'/>" for r in rows if r["reset"])
    axes = "".join(f"<line x1='{left}' x2='{width - 10}' y1='{y(v):.1f}' y2='{y(v):.1f}' stroke='#e3e3e3'/>"
                   f"<text x='{left - 8}' y='{y(v) + 4:.1f}' text-anchor='end'>{v:.3g}</text>"
                   for v in (0, top / 2, top))
    labels = "".join(f"<text x='{x(n):.1f}' y='{height - 10}' text-anchor='{anchor}'>{n}</text>"
                     for n, anchor in ((0, "start"), (len(rows) // 2, "middle"), (len(rows) - 1, "end")))
    legend = (f"<text x='{width - 150}' y='16' style='fill:#8a8a8a'>before</text>"
              f"<text x='{width - 90}' y='16' style='fill:#0b57d0'>after</text>")
    return (f"<svg viewBox='0 0 {width} {height}' role='img' aria-label='sharpness over frames'>{axes}{cuts}"
            f"{line('sharpness_before', '#8a8a8a')}{line('sharpness_after', '#0b57d0')}{labels}{legend}</svg>")
