"""The comparison of deblur-preview as one HTML page that needs nothing else."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import base64
import shlex
from html import escape

from .preview import clock
from .progress import duration

STYLE = """
:root { color-scheme: light dark; --line: #d9dce1; --soft: #5d6470; --accent: #0b57d0; --panel: #f5f6f8; --back: #fff; --text: #16181c }
@media (prefers-color-scheme: dark) { :root { --line: #3a3f47; --soft: #a5adba; --accent: #8ab4f8; --panel: #23262b; --back: #17191c; --text: #e8eaed } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1180px; padding: 1.5em; color: var(--text); background: var(--back) }
h1 { font-size: 1.6em; line-height: 1.25; margin: 0; overflow-wrap: anywhere } h2 { font-size: 1.2em; margin: 2em 0 .4em } p { margin: .4em 0 }
[hidden] { display: none !important } .soft { color: var(--soft) } table { border-collapse: collapse; width: 100%; margin: .6em 0 }
td, th { text-align: left; padding: .5em .7em; border-bottom: 1px solid var(--line); vertical-align: top } th { color: var(--soft); font-weight: 500 }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } code { background: var(--panel); padding: .15em .4em; border-radius: 4px; overflow-wrap: anywhere; font-size: .88em }
.tip { background: var(--accent); color: var(--back); border-radius: 1em; padding: .1em .7em; font-size: .8em; white-space: nowrap }
nav { position: sticky; top: 0; z-index: 5; background: var(--back); padding: .6em 0; border-bottom: 1px solid var(--line); display: flex; gap: .5em; flex-wrap: wrap; align-items: center }
nav button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .35em .9em; cursor: pointer }
nav button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--back) }
.pair { position: relative; overflow: hidden; border-radius: 6px; touch-action: none; cursor: ew-resize; background: #000; user-select: none; margin: .4em 0 }
.pair img { display: block; width: 100% } .pair .after { position: absolute; inset: 0; clip-path: inset(0 0 0 var(--x, 50%)) }
.pair i { position: absolute; top: 0; bottom: 0; left: var(--x, 50%); width: 3px; margin-left: -1.5px; background: #fff; box-shadow: 0 0 4px #000 }
.pair i::after { content: "\\2194"; position: absolute; top: 50%; left: 50%; transform: translate(-50%, -50%); background: #fff; color: #111; border-radius: 50%; width: 2em; height: 2em; line-height: 2em; text-align: center; font-style: normal }
.pair b { position: absolute; top: .6em; background: #000a; color: #fff; padding: .1em .7em; border-radius: 1em; font-weight: 500; pointer-events: none }
.pair b:first-of-type { left: .6em } .pair b:last-of-type { right: .6em }
.place { display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 4fr); gap: 1em } @media (max-width: 760px) { .place { grid-template-columns: 1fr } }
video { width: 100%; border-radius: 6px; background: #000 } input[type=range] { width: 100%; accent-color: var(--accent); margin: 0 }
"""
LEAST = 1  # per cent of sharpness that is worth a word
SCRIPT = """
const choose = n => {
  for (const b of document.querySelectorAll('nav button')) b.setAttribute('aria-pressed', b.dataset.way == n);
  for (const e of document.querySelectorAll('[data-shown]')) e.hidden = e.dataset.shown != n;
};
for (const b of document.querySelectorAll('nav button')) b.onclick = () => choose(b.dataset.way);
for (const pair of document.querySelectorAll('.pair')) {
  const move = e => {
    const box = pair.getBoundingClientRect();
    const x = Math.max(0, Math.min(100, 100 * (e.clientX - box.left) / box.width));
    pair.style.setProperty('--x', x + '%');
    pair.nextElementSibling.value = x;
  };
  pair.onpointerdown = e => { pair.setPointerCapture(e.pointerId); move(e); };
  pair.onpointermove = e => { if (e.buttons || e.pointerType == 'mouse') move(e); };
  pair.nextElementSibling.oninput = e => pair.style.setProperty('--x', e.target.value + '%');
}
choose(CHOSEN);
"""


def page(preview, ways, video, script_name):
    """The page. video: the comparison as an MP4 file to play in it."""
    chosen = recommended(ways)
    width, height = preview.looked.shown_size
    buttons = "".join(f"<button data-way='{n}'>{escape(way.name)}</button>" for n, way in enumerate(ways))
    return f"""<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Preview: {escape(preview.path.name)}</title>
<style>{STYLE}</style>
<h1>How sharp can {escape(preview.path.name)} become?</h1>
<p class="soft">{width}x{height}, {preview.rate:.4g} frames/s, {duration(preview.duration)}. A neural network takes motion blur out of
each frame, here in {len(preview.places)} places and {len(ways)} ways. Move over a picture to compare: <b>left of the line is your
video, right of it the result.</b></p>
{table(preview, ways, chosen)}
{nothing(ways)}<nav aria-label="Way that is shown"><span class="soft">Show:</span> {buttons}</nav>
{''.join(place(preview, ways, number) for number in range(len(preview.places)))}
<h2>In motion</h2>
<p class="soft">Left: your video. Right: {escape(ways[chosen].name)}; then the same with a line that moves.</p>
<video controls loop muted autoplay playsinline src="data:video/mp4;base64,{base64.b64encode(video.read_bytes()).decode()}"></video>
<h2>What to expect</h2>
<p>It removes blur that comes from motion: a shaking camera, things that move while the shutter is open. It does not remove blur of
a lens out of focus, noise or blocks of compression, and it cannot bring back what is smeared over a large part of the picture.
Where it finds nothing to correct, the picture stays as it is.</p>
<p><b>Sharpness</b> is the variance of the Laplacian of brightness at the size at which the network works: a measure of fine detail.
More of it is not always better; trust your eyes. Smaller working sizes are faster: the correction alone is scaled, so the picture
keeps its size and its detail.</p>
<script>{SCRIPT.replace('CHOSEN', str(chosen))}</script>
</html>
"""


def nothing(ways):
    """A line for a video that has nothing to gain; so that nobody looks for a difference in vain."""
    if max(way.gain for way in ways) >= LEAST:
        return ""
    return "<p><b>The network finds next to no motion blur in these places.</b> Look at others with <code>--at TIME</code>.</p>\n"


def recommended(ways):
    """The way with most of the gain that is not much slower than the quickest with nine tenths of it."""
    best = max(way.gain for way in ways)
    good = [n for n, way in enumerate(ways) if way.gain >= 0.9 * best] or list(range(len(ways)))
    return max(good, key=lambda n: ways[n].speed)


def table(preview, ways, chosen):
    fastest = max(range(len(ways)), key=lambda n: ways[n].speed)
    rows = ""
    for n, way in enumerate(ways):
        marks = [text for text, here in (("a good choice", n == chosen and way.gain >= LEAST), ("fastest", n == fastest)) if here]
        tips = " ".join(f"<span class='tip'>{text}</span>" for text in marks)
        command = f"deblur-transcode --deblur {shlex.quote(way.options)} {shlex.quote(preview.path.name)}"
        whole = duration(preview.total / way.speed) if way.speed and preview.total else "unknown"
        rows += (f"<tr><td>{escape(way.name)} {tips}<br><code>{escape(command)}</code><td class='n'>{round(way.gain):+d} %"
                 f"<td class='n'>{way.speed:.3g} frames/s<td class='n'>{whole}</tr>")
    return ("<table><tr><th>Way, and the command for all of it<th class='n'>Sharpness<th class='n'>Speed here"
            f"<th class='n'>Whole video</tr>{rows}</table>")


def place(preview, ways, number):
    box = preview.detail(number, ways)
    before = preview.originals[number]
    pictures = ""
    for n, way in enumerate(ways):
        pictures += (f"<div class='place' data-shown='{n}'><div>{pair(preview, before, way.clips[number], None)}"
                     f"</div><div>{pair(preview, before, way.clips[number], box)}"
                     "<p class='soft'>The part that changes most, in the video's own pixels.</p></div></div>")
    return f"<h2>At {clock(preview.places[number] + preview.count / 2 / preview.rate)}</h2>{pictures}"


def pair(preview, before, after, box):
    one, other = (f"data:image/jpeg;base64,{base64.b64encode(preview.picture(c, box)).decode()}" for c in (before, after))
    return (f"<div class='pair'><img src='{one}' alt='before' draggable='false'><img class='after' src='{other}' alt='after' "
            "draggable='false'><i></i><b>before</b><b>after</b></div>"
            "<input type='range' min='0' max='100' value='50' aria-label='line between before and after'>")
