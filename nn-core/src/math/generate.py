#!/usr/bin/env python3
"""Writes coefficients.rs (the polynomials of nn-core's mathematics) and reference.txt (exact values to test against).

    python3 nn-core/src/math/generate.py        # needs mpmath

The polynomials are minimax fits by Remez' exchange algorithm in 60 digits, rounded to the scalar. The reference values are sums of two f64,
good to 100 bits, at seeded points; reference.txt holds the function, the argument's bits, and the two parts' bits.
"""

import pathlib
import random
import struct

import mpmath
from mpmath import atanh, cos, erf, erfc, exp, log, matrix, mp, mpf, pi, sin, sqrt, tanh

mp.dps = 60
HERE = pathlib.Path(__file__).parent


def remez(f, a, b, degree, weight=lambda x: mpf(1)):
    """Coefficients c, lowest first, whose max |weight(x) (f(x) - sum c[i] x^i)| over [a, b] is smallest; and that maximum."""
    n = degree + 2
    nodes = [(a + b) / 2 - (b - a) / 2 * cos(pi * i / (n - 1)) for i in range(n)]
    grid = [a + (b - a) * (1 - cos(pi * i / (40 * n))) / 2 for i in range(40 * n + 1)]
    for _ in range(12):
        system, right = matrix(n, n), matrix(n, 1)
        for i, x in enumerate(nodes):
            for j in range(degree + 1):
                system[i, j] = x**j
            system[i, n - 1] = (-1) ** i / weight(x)
            right[i] = f(x)
        solution = mpmath.lu_solve(system, right)
        c = [solution[i] for i in range(degree + 1)]
        error = [weight(x) * (f(x) - mpmath.polyval(c[::-1], x)) for x in grid]
        # The largest error between two changes of sign becomes the next node.
        peaks, start = [], 0
        for i in range(1, len(error) + 1):
            if i == len(error) or (error[i] > 0) != (error[start] > 0):
                peaks.append(max(range(start, i), key=lambda j: abs(error[j])))
                start = i
        while len(peaks) > n:
            peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
        if len(peaks) < n:
            break
        new = [grid[i] for i in peaks]
        moved = max(abs(p - q) for p, q in zip(new, nodes))
        nodes = new
        if moved < (b - a) * mpf(10) ** -8:
            break
    return c, max(abs(e) for e in error)


def rational(f, high, degree):
    """Coefficients p and q, both of a degree and lowest first, p[0] = q[0] = 1, of which P / Q approximates f(z) for 0 <= z <= high; and the
    largest relative error. By least squares of P / f - Q, weighted by 1 / Q and ever more where the error is large (Lawson 1961)."""
    points = [high * ((1 - cos(pi * (i + mpf(1) / 2) / 200)) / 2) ** 2 for i in range(200)]
    rows = [[-((z / high) ** k) / f(z) for k in range(1, degree + 1)] + [(z / high) ** k for k in range(1, degree + 1)] for z in points]
    right, size = [1 / f(z) - 1 for z in points], 2 * degree
    weights, best = [mpf(1)] * len(points), None
    below = [mpf(1)] * len(points)
    for _ in range(300):
        scales = [w / q**2 for w, q in zip(weights, below)]
        normal, sums = matrix(size, size), matrix(size, 1)
        for row, y, scale in zip(rows, right, scales):
            for i in range(size):
                sums[i] += scale * row[i] * y
                for j in range(i + 1):
                    normal[i, j] += scale * row[i] * row[j]
        for i in range(size):
            for j in range(i):
                normal[j, i] = normal[i, j]
        c = mpmath.lu_solve(normal, sums)
        above = [1 - f(z) * sum(row[i] * c[i] for i in range(degree)) for z, row in zip(points, rows)]
        below = [1 + sum(row[i] * c[i] for i in range(degree, size)) for row in rows]
        errors = [abs(p / (f(z) * q) - 1) for z, p, q in zip(points, above, below)]
        largest = max(errors)
        if best is None or largest < best[1]:
            best = c, largest
        weights = [w * (e + largest / 1000) for w, e in zip(weights, errors)]
        total = sum(weights)
        weights = [w / total for w in weights]
    c, largest = best
    p, q = ([mpf(1)] + [c[start + k] / high ** (k + 1) for k in range(degree)] for start in (0, degree))
    return p, q, largest


def near_zero(f, series):
    """f with its removable singularity at 0 filled by a series."""
    return lambda x: series(x) if abs(x) < mpf(10) ** -15 else f(x)


# (eʳ − 1 − r) / r², |r| ≤ ln 2 / 2
exp_tail = near_zero(lambda r: (exp(r) - 1 - r) / r**2, lambda r: mpf(1) / 2 + r / 6)
# (2 atanh(s) − 2 s) / s³ of z = s², for (1 + f) from √½ to √2 with s = f / (2 + f)
ln_tail = near_zero(lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z, lambda z: mpf(2) / 3 + 2 * z / 5)
# (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ of z = r², |r| ≤ π/4
sin_tail = near_zero(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: -mpf(1) / 6 + z / 120)
cos_tail = near_zero(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda z: mpf(1) / 24 - z / 720)
# Q with erf x = 1 − e^(−x Q(x)), and what an error of Q makes of erf, relatively
erf_rate = near_zero(lambda x: -log(erfc(x)) / x, lambda x: 2 / sqrt(pi) + 2 * x / pi)
erf_weight = near_zero(lambda x: erfc(x) * x / erf(x), lambda x: sqrt(pi) / 2)

# tanh(x) / x of z = x²
tanh_rate = near_zero(lambda z: tanh(sqrt(z)) / sqrt(z), lambda z: 1 - z / 3)

EXP_RANGE = log(2) / 2 * mpf("1.0001")
LN_RANGE = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2 * mpf("1.001")
TRIG_RANGE = (pi / 4) ** 2 * mpf("1.001")
# Above its root, tanh is rounded to 1 in f32.
TANH_RANGE = mpf("9.02") ** 2


def shifted(f, centre):
    return lambda t: f(centre + t)


def erf_piece(a, b, degree):
    centre, half = mpf(a + b) / 2, mpf(b - a) / 2
    return remez(shifted(erf_rate, centre), -half, half, degree, shifted(erf_weight, centre))


def number(value, scalar):
    value = struct.unpack("f", struct.pack("f", float(value)))[0] if scalar == "f32" else float(value)
    text = f"{value:.9e}" if scalar == "f32" else repr(value)
    mantissa, _, exponent = text.partition("e")
    sign, digits = ("-", mantissa[1:]) if mantissa[0] == "-" else ("", mantissa)
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0") or "0"
    groups = "_".join(fraction[i : i + 3] for i in range(0, len(fraction), 3))
    return f"{sign}{whole}.{groups}" + (f"e{int(exponent)}" if exponent and int(exponent) else "")


def bits_of(value, bits):
    """The leading bits of a positive value, cut off."""
    exponent = int(mpmath.floor(mpmath.log(value, 2)))
    unit = mpf(2) ** (exponent - bits + 1)
    return mpmath.floor(value / unit) * unit


def constant(doc, name, value, scalar, visibility="pub(in crate::math)"):
    return f"    /// {doc}\n    {visibility} const {name}: {scalar} = {number(value, scalar)};\n"


def polynomial(doc, name, fit, scale, scalar):
    c, error = fit
    rows = ", ".join(number(v, scalar) for v in c)
    return (
        f"    /// {doc}; error of the fit: {mpmath.nstr(error * scale, 2)}.\n"
        f"    pub(in crate::math) const {name}: [{scalar}; {len(c)}] = [{rows}];\n"
    )


def coefficients():
    out = "//! Written by generate.py: coefficients, lowest power first.\n#![allow(clippy::excessive_precision, clippy::unreadable_literal)]\n"
    for scalar, degrees in (("f32", (4, 2, 2, 2)), ("f64", (9, 6, 5, 5))):
        high = 15 if scalar == "f32" else 42
        out += f"\npub(in crate::math) mod {scalar} {{\n"
        out += constant(f"The leading {high} bits of ln 2: its product with an exponent is exact.", "LN_2_HIGH", bits_of(log(2), high), scalar)
        out += constant("The rest of ln 2.", "LN_2_LOW", log(2) - bits_of(log(2), high), scalar)
        out += polynomial("`(eʳ − 1 − r) / r²`", "EXP", remez(exp_tail, -EXP_RANGE, EXP_RANGE, degrees[0]), EXP_RANGE**2, scalar)
        out += polynomial("`(2 atanh(s) − 2 s) / s³` in `s²`", "LN", remez(ln_tail, mpf(0), LN_RANGE, degrees[1]), LN_RANGE, scalar)
        out += polynomial("`(sin r − r) / r³` in `r²`", "SIN", remez(sin_tail, mpf(0), TRIG_RANGE, degrees[2]), TRIG_RANGE, scalar)
        out += polynomial("`(cos r − 1 + r²/2) / r⁴` in `r²`", "COS", remez(cos_tail, mpf(0), TRIG_RANGE, degrees[3]), TRIG_RANGE**2, scalar)
        if scalar == "f32":
            p, q, error = rational(tanh_rate, TANH_RANGE, 4)
            doc = "of `P / Q = tanh(x) / x` in `x²`, `|x|` to 9.02"
            out += polynomial(f"`P` {doc}", "TANH_ABOVE", (p, error), 1, scalar)
            out += polynomial(f"`Q` {doc}", "TANH_BELOW", (q, error), 1, scalar)
            out += polynomial("`−ln(1 − erf x) / x`, 0 to 4", "ERF", remez(erf_rate, mpf(0), mpf(4), 8, erf_weight), 1, scalar)
        else:
            for name, a, b in (("ERF_LOW", 0, 1), ("ERF_MIDDLE", 1, 2.5), ("ERF_HIGH", 2.5, 6)):
                doc = f"`−ln(1 − erf x) / x` in `x − {(a + b) / 2}`, {a} to {b}"
                out += polynomial(doc, name, erf_piece(a, b, 14), 1, scalar)
            rest = pi / 2
            for i in range(4):
                part = bits_of(rest, 22)
                out += constant(f"Part {i + 1} of π/2: 22 bits, so that its product with a 31-bit number is exact.", f"FRAC_PI_2_{i + 1}", part, scalar)
                rest -= part
            out += constant("The rest of π/2.", "FRAC_PI_2_5", rest, scalar)
        out += "}\n"
    (HERE / "coefficients.rs").write_text(out)


def reference():
    rng = random.Random(1)
    uniform, spread = rng.uniform, lambda low, high: rng.choice((-1, 1)) * 2.0 ** rng.uniform(low, high)
    cases = {
        "exp": (exp, lambda: rng.choice((uniform(-700, 700), uniform(-1, 1), spread(-30, 0)))),
        "exp_m1": (mpmath.expm1, lambda: rng.choice((uniform(-40, 700), uniform(-1, 1), spread(-30, 0)))),
        "ln": (log, lambda: rng.choice((abs(spread(-1000, 1000)), uniform(0.5, 2), 1 + spread(-30, -1)))),
        "ln_1p": (mpmath.log1p, lambda: rng.choice((abs(spread(-60, 1000)), uniform(-0.9, 2), spread(-30, -1)))),
        "tanh": (tanh, lambda: rng.choice((uniform(-20, 20), uniform(-1, 1), spread(-30, 0)))),
        "erf": (erf, lambda: rng.choice((uniform(-6, 6), uniform(-1, 1), spread(-30, 0)))),
        "sin": (sin, lambda: rng.choice((uniform(-7, 7), uniform(-1e4, 1e4), spread(-30, 31)))),
        "cos": (cos, lambda: rng.choice((uniform(-7, 7), uniform(-1e4, 1e4), spread(-30, 31)))),
    }
    lines = []
    for name, (f, draw) in cases.items():
        for _ in range(400):
            x = draw()
            y = f(mpf(x))
            high = float(y)
            low = float(y - mpf(high))
            lines.append(" ".join([name] + [struct.pack(">d", v).hex() for v in (x, high, low)]))
    (HERE / "reference.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    coefficients()
    reference()
