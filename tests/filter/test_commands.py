# Commands hold from exactly the frame that arrives after them.
# SPDX-License-Identifier: LGPL-2.1-or-later
import unittest

from harness import FilterTest


def at(time, command, argument, deblur):
    """The filter, with a command that reaches it, and none of another command in the graph, at a time."""
    target = f"deblur@{command}"
    return (f"sendcmd=commands='{time} {target} {command} {argument}'," +
            deblur.replace("deblur=", f"{target}="))


class Commands(FilterTest):
    def test_strength_changes_at_its_frame(self):
        frames = self.frames({
            "full": self.deblur(),
            "half": self.deblur(strength=0.5),
            "command": at(1.0, "strength", 0.5, self.deblur())}, count=20)
        self.assertNotEqual(frames["half"][10:], frames["full"][10:])
        self.assertEqual(frames["command"], frames["full"][:10] + frames["half"][10:])

    def test_reset_starts_anew(self):
        scene_off = self.deblur(scene=0)
        frames = self.frames({
            "whole": scene_off,
            "command": at(1.0, "reset", 1, scene_off),
            "first": f"trim=end_frame=10,{scene_off}",
            "second": f"trim=start_frame=10,{scene_off}"}, count=20)
        self.assertEqual(frames["command"], frames["first"] + frames["second"])
        self.assertNotEqual(frames["command"], frames["whole"])

    def test_a_disabled_frame_can_be_reset(self):
        gap = self.deblur(scene=0) + ":enable='not(between(n,9,11))'"
        frames = self.frames({
            "command": at(1.0, "reset", 1, gap),
            "second": f"trim=start_frame=10,{self.deblur(scene=0)}"}, count=20)
        self.assertEqual(frames["command"][12:], frames["second"][2:])

    def test_both_fields_of_a_frame_obey(self):
        # A frame of fields is two pictures, each with a look-ahead of its own; a command or the timeline
        # holds for both from the same frame on, and touches no other.
        for order in ("tff", "bff"):
            def fields(graph, order=order):
                return f"setfield={order},{graph}"
            frames = self.frames({
                "in": fields("null"),
                "full": fields(self.deblur()),
                "half": fields(self.deblur(strength=0.5)),
                "gap": fields(self.deblur() + ":enable='not(between(n,6,8))'"),
                "strength": fields(at(1.0, "strength", 0.5, self.deblur())),
                "reset": fields(at(1.0, "reset", 1, self.deblur(scene=0))),
                "whole": fields(self.deblur(scene=0)),
                "first": fields(f"trim=end_frame=10,{self.deblur(scene=0)}"),
                "second": fields(f"trim=start_frame=10,{self.deblur(scene=0)}")}, count=20)
            with self.subTest(order=order):
                self.assertEqual(frames["strength"], frames["full"][:10] + frames["half"][10:])
                self.assertNotEqual(frames["half"][10:], frames["full"][10:])
                self.assertEqual(frames["reset"], frames["first"] + frames["second"])
                self.assertNotEqual(frames["reset"], frames["whole"])
                self.assertEqual(frames["gap"], frames["full"][:6] + frames["in"][6:9] + frames["full"][9:])

    def test_others_are_refused(self):
        for command, argument in (("model", "cnn"), ("nonsense", 1), ("strength", 2)):
            with self.subTest(command=command):
                frames = self.frames({
                    "plain": self.deblur(),
                    "command": at(0.2, command, argument, self.deblur())}, count=4)
                self.assertEqual(frames["command"], frames["plain"])


if __name__ == "__main__":
    unittest.main()
