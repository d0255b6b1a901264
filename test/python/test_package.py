"""The Python package as its users have it: installed from its wheel."""

import math
import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy
import replica_theory as rt

MODEL = {"model": "randomFeatures", "student": "tanh", "target": "sin", "width_ratio": 1, "ridge": 0.1}
POINT = {**MODEL, "sample_ratio": 2}
#: From the documentation of the library.
TEST_ERROR = 0.2375996855049844

#: Work for minutes, of which no part asks whether it is still wanted.
LONG = {
    **{"model": "trainedNetwork", "theory": "srf", "student": "tanh", "target": "sin", "step_sample_ratio": 1},
    **{"width_ratio": 1, "ridge": 0.1},
    "x": {"sample_ratio": list(numpy.linspace(1, 2, 2000))},
    "y": {"learning_rate": list(numpy.linspace(1, 2, 2000))},
}
ENDLESS = {**POINT, "dimension": 60, "trials": 1_000_000}


def _after(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()


def _fork_and_solve(answers):
    answers.put((rt.solve(**POINT).test_error, rt.node_pid()))


def _gone(pid):
    for _ in range(100):
        try:
            # A zombie of another parent counts as gone.
            if pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


class Values(unittest.TestCase):
    def test_solve(self):
        solution = rt.solve(**POINT)
        self.assertAlmostEqual(solution.test_error, TEST_ERROR, delta=1e-12)
        self.assertLess(solution.error_estimate, 1e-9)
        self.assertAlmostEqual(solution.more["psi"], 0.591241, delta=1e-6)
        self.assertIn("test_error", solution._repr_html_())
        self.assertEqual(solution.to_frame().loc[0, "test_error"], solution.test_error)

    def test_infinity(self):
        self.assertAlmostEqual(rt.solve(**{**MODEL, "sample_ratio": math.inf}).test_error, 0.152206445119, delta=1e-11)

    def test_curve(self):
        for many in ([0.5, 2, math.inf], numpy.array([0.5, 2, math.inf]), (0.5, 2, math.inf)):
            curve = rt.curve(**MODEL, sample_ratio=many)
            self.assertEqual(list(curve["sample_ratio"]), [0.5, 2, math.inf])
            self.assertAlmostEqual(curve["test_error"][1], TEST_ERROR, delta=1e-12)
            self.assertEqual([row["status"] for row in curve.rows()], ["converged"] * 3)
        self.assertEqual(curve.to_frame().shape[0], 3)
        figure = curve.figure(log_y=True, title="A title")
        self.assertEqual([point["x"] for point in figure["data"]["values"]], [0.5, 2])
        shown = curve._repr_mimebundle_()
        self.assertTrue(shown["image/svg+xml"].startswith("<svg"))
        self.assertIn("<svg", shown["text/html"])
        self.assertIn("<table", shown["text/html"])
        self.assertIn('width="', curve.svg(width=300, y_range=[0, 1]))

    def test_long_arrays_are_exact(self):
        ratios = numpy.linspace(0.1, 4.1, 500)
        curve = rt.curve(**MODEL, sample_ratio=ratios)
        self.assertTrue(numpy.array_equal(curve["sample_ratio"], ratios))

    def test_failed_points(self):
        curve = rt.curve(**{**MODEL, "ridge": 0}, sample_ratio=[0.5, 1, 2])
        self.assertEqual(curve["status"][1], "diverged")
        self.assertTrue(math.isnan(curve["test_error"][1]))
        with self.assertRaises(rt.ConvergenceError) as caught:
            rt.solve(**{**POINT, "sample_ratio": 1, "ridge": 0})
        self.assertEqual(caught.exception.status, "diverged")

    def test_compare_and_simulate(self):
        seen = []
        size = {"dimension": 40, "trials": 4, "seed": 1, "test_samples": 500}
        curve = rt.compare(**MODEL, sample_ratio=[1, 2], **size, progress=lambda done, total: seen.append((done, total)))
        self.assertTrue((abs(curve["simulation.test_error.z"]) < 6).all())
        simulation = rt.simulate(**MODEL, sample_ratio=[1, 2], **size, progress=False)
        self.assertEqual([point.sample_ratio for point in simulation.points], [1, 2])
        self.assertAlmostEqual(simulation.points[1].test_error.mean, curve["simulation.test_error.mean"][1], delta=1e-12)
        self.assertEqual(simulation.to_frame().shape, (2, 8))

    def test_observables(self):
        spiked = {**POINT, "model": "spikedRandomFeatures", "spike_strength": 0.9, "alignment": 1}
        function = rt.learned_function(**spiked, t=[-1, 0, 1])
        self.assertEqual(len(function.along_target), 3)
        bounds = rt.bounds(model="spikedRandomFeatures", student="tanh", target="sin", spike_strength=1, alignment=1)
        self.assertAlmostEqual(bounds.lower, 0.002687307568, delta=1e-9)
        spectrum = rt.spectrum(model="randomFeatures", student="tanh", sample_ratio=0.5, width_ratio=1, points=50)
        self.assertEqual((spectrum.mass_at_zero, len(spectrum.grid)), (0.5, len(spectrum.density)))
        weights = rt.weights(model="smallRate", student="tanh", target="sin", alignment=1, width_ratio=2, spike_strength=3)
        self.assertGreater(weights.outlier, weights.bulk[1])

    def test_tuning(self):
        noisy = {**POINT, "label_noise": 0.1}
        optimum = rt.optimum(**noisy, over=["ridge"])
        self.assertAlmostEqual(optimum.at["ridge"], 0.205908, delta=1e-6)
        self.assertAlmostEqual(optimum.value, 0.368068, delta=1e-6)
        derivatives = rt.derivatives(**noisy, by=["ridge", "sample_ratio"])
        self.assertEqual(set(derivatives.derivatives), {"ridge", "sample_ratio"})
        chart = rt.map(**noisy, x={"sample_ratio": [1, 2]}, y={"ridge": [0.1, 1, 2]})
        self.assertEqual([len(row) for row in chart.values], [2, 2, 2])
        self.assertEqual(chart.to_frame().shape, (6, 3))

    def test_several_steps(self):
        steps = [{"learningRate": 1, "stepSampleRatio": 2}, {"learningRate": 1, "stepSampleRatio": math.inf}]
        point = {"student": "tanh", "target": "sin", "sample_ratio": 2, "width_ratio": 1, "ridge": 0.1, "theory": "srf"}
        self.assertGreater(rt.solve(**point, steps=steps).test_error, 0)

    def test_equations(self):
        problem = {
            "unknowns": {"m": {"start": 0.9, "min": -1, "max": 1}},
            "parameters": {"beta": 1.5, "h": 0.1},
            "equations": {"m": "tanh(beta*(m + h))"},
            "freeEnergy": "m^2/2 - log(2*cosh(beta*(m + h)))/beta",
        }
        solution = rt.equations(problem)
        self.assertAlmostEqual(solution.values["m"], 0.9070377917650783, delta=1e-12)
        branch = rt.equations(problem, branch={"over": "h", "from": 0.3, "to": -0.3})
        folds = [event for event in branch.events if event["kind"] == "fold"]
        self.assertEqual(len(folds), 2)
        self.assertIn("m", branch.to_frame())
        self.assertEqual(len(rt.equations(problem, sweep={"beta": [1.2, 1.5]}).rows), 2)
        self.assertGreaterEqual(len(rt.equations({**problem, "parameters": {"beta": 1.5, "h": 0}}, all=True).solutions), 2)

    def test_learning_curve_from_data(self):
        random = numpy.random.default_rng(0)
        features = random.standard_normal((60, 20))
        labels = features @ random.standard_normal(20) + 0.5 * random.standard_normal(60)
        curve = rt.learning_curve_from_data(features, labels, samples=[20, 40], ridges=[1, 10], anchor="gcv")
        lists = rt.learning_curve_from_data(features.tolist(), list(labels), samples=[20, 40], ridges=[1, 10], anchor="gcv")
        gram = rt.learning_curve_from_data(gram=features @ features.T, labels=labels, samples=[20, 40], ridges=[1, 10], anchor="gcv")
        self.assertEqual(curve.rows, lists.rows)
        self.assertAlmostEqual(curve.rows[0]["test_error"] / gram.rows[0]["test_error"], 1, delta=1e-9)
        self.assertEqual((len(curve.rows), curve.rank), (4, 20))
        self.assertIn("test_error", curve.to_frame())


class Errors(unittest.TestCase):
    def test_parameters(self):
        bad = [
            ({"ridge": -1}, "ridge", -1),
            ({"ridge": math.nan}, "ridge", None),
            ({"sample_ratio": -math.inf}, "sample_ratio", -math.inf),
            ({"student": lambda x: x}, "student", None),
            ({"student": object()}, "student", None),
            ({"model": "trainedNetwok"}, "model", "trainedNetwok"),
        ]
        for change, parameter, value in bad:
            with self.subTest(change=str(change)), self.assertRaises(rt.ParameterError) as caught:
                rt.solve(**{**POINT, **change})
            self.assertEqual(caught.exception.parameter, parameter)
            self.assertTrue(caught.exception.legal_range)
            if value is not None:
                self.assertEqual(caught.exception.value, value)
        with self.assertRaises(rt.ExpressionError):
            rt.solve(**{**POINT, "student": "tanh(y)"})
        with self.assertRaises(TypeError):
            rt.solve(**POINT, studnt="tanh")

    def test_data(self):
        with self.assertRaises(rt.ParameterError) as caught:
            rt.learning_curve_from_data([[1, 2], [3, math.nan], [1, 1]], [1, 2, 3], samples=[2], ridges=[1])
        self.assertEqual(caught.exception.parameter, "features[1][1]")
        for features in ([[1, 2], [3]], [["a", "b"]], numpy.zeros((2, 2, 2)), numpy.array(["a"])):
            with self.assertRaises(rt.ParameterError):
                rt.learning_curve_from_data(features, [1, 2], samples=[2], ridges=[1])

    def test_without_node(self):
        environment = {**os.environ, "PATH": "/nowhere"}
        script = "import replica_theory as rt\ntry: rt.solve(student='tanh')\nexcept rt.NodeError as e: print(e)"
        for change, words in (({}, "replica-theory[node]"), ({"REPLICA_THEORY_NODE": "/nowhere/node"}, "/nowhere/node")):
            out = subprocess.run([sys.executable, "-c", script], env={**environment, **change}, capture_output=True, text=True)
            self.assertIn(words, out.stdout, out.stderr)


class Process(unittest.TestCase):
    def test_one_process_serves_every_call(self):
        rt.solve(**POINT)
        pid = rt.node_pid()
        rt.bounds(model="randomFeatures", student="tanh", target="sin")
        self.assertEqual(rt.node_pid(), pid)

    def test_killed_during_a_call(self):
        pid = rt.node_pid()
        _after(0.5, lambda: os.kill(pid, signal.SIGKILL))
        with self.assertRaisesRegex(rt.NodeError, "signal 9"):
            rt.simulate(**ENDLESS, progress=False)
        self.assertAlmostEqual(rt.solve(**POINT).test_error, TEST_ERROR, delta=1e-12)
        self.assertNotEqual(rt.node_pid(), pid)

    def test_killed_between_calls(self):
        os.kill(rt.node_pid(), signal.SIGKILL)
        time.sleep(0.2)
        self.assertAlmostEqual(rt.solve(**POINT).test_error, TEST_ERROR, delta=1e-12)

    def test_interrupts_keep_the_process(self):
        pid = rt.node_pid()
        for work in (lambda: rt.simulate(**ENDLESS, progress=False), lambda: rt.map(**LONG)):
            _after(0.6, lambda: os.kill(os.getpid(), signal.SIGINT))
            started = time.monotonic()
            with self.assertRaises(KeyboardInterrupt):
                work()
            self.assertLess(time.monotonic() - started, 10)
            self.assertAlmostEqual(rt.solve(**POINT).test_error, TEST_ERROR, delta=1e-12)
        self.assertEqual(rt.node_pid(), pid)

    def test_errors_of_a_progress_function_end_the_call(self):
        pid = rt.node_pid()

        def stop(done, total):
            raise LookupError

        with self.assertRaises(LookupError):
            rt.simulate(**ENDLESS, progress=stop)
        self.assertAlmostEqual(rt.solve(**POINT).test_error, TEST_ERROR, delta=1e-12)
        self.assertEqual(rt.node_pid(), pid)

    def test_threads(self):
        ratios = [1 + 0.1 * i for i in range(20)]
        found = {}

        def work(mine):
            for ratio in mine:
                found[ratio] = rt.solve(**MODEL, sample_ratio=ratio).test_error

        rt.close()
        threads = [threading.Thread(target=work, args=(ratios[i::4],)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expected = rt.curve(**MODEL, sample_ratio=ratios)["test_error"]
        self.assertEqual(len(found), 20)
        for ratio, value in zip(ratios, expected):
            self.assertAlmostEqual(found[ratio], value, delta=1e-11)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork on this system")
    def test_fork(self):
        pid = rt.node_pid()
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        child = context.Process(target=_fork_and_solve, args=(answers,))
        child.start()
        value, other = answers.get(timeout=30)
        child.join(30)
        self.assertAlmostEqual(value, TEST_ERROR, delta=1e-12)
        self.assertNotEqual(other, pid)
        self.assertTrue(_gone(other))
        # The parent's process goes on.
        self.assertAlmostEqual(rt.solve(**POINT).test_error, TEST_ERROR, delta=1e-12)
        self.assertEqual(rt.node_pid(), pid)

    def test_exit_with_work_running(self):
        script = (
            "import threading, time, replica_theory as rt\n"
            f"work = threading.Thread(target=lambda: rt.simulate(**{ENDLESS!r}, progress=False), daemon=True)\n"
            "work.start(); time.sleep(1); print(rt.node_pid())"
        )
        run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertTrue(_gone(int(run.stdout)))

    def test_killed_interpreter_leaves_nothing(self):
        script = (
            "import os, signal, threading, time, replica_theory as rt\n"
            f"threading.Thread(target=lambda: rt.simulate(**{ENDLESS!r}, progress=False), daemon=True).start()\n"
            "time.sleep(1); print(rt.node_pid(), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
        )
        run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, -signal.SIGKILL)
        self.assertTrue(_gone(int(run.stdout)))


if __name__ == "__main__":
    unittest.main()
