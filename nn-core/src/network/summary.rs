//! The table of a network's layers, as Keras made it known.

use core::fmt;

use crate::Spec;
use crate::spec::Row;

/// Prints a [`Spec`] as a table: layer, output shape, parameters and multiply-adds, then the totals.
#[derive(Clone, Copy)]
pub struct Summary(pub &'static Spec);

impl fmt::Debug for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(spec) = self;
        let mut widths = Widths::of_headings();
        measure(spec, 0, &mut widths);
        let width = widths.total();
        writeln!(f, "{}", spec.name)?;
        rule(f, width)?;
        line(f, &widths, "layer", "output", "parameters", "multiply-adds")?;
        rule(f, width)?;
        rows(f, spec, 0, &widths)?;
        rule(f, width)?;
        let mut totals = Totals::default();
        totals.add(spec);
        write!(f, "{} parameters", Grouped(totals.parameters))?;
        if totals.frozen > 0 {
            write!(f, " ({} frozen)", Grouped(totals.frozen))?;
        }
        write!(f, ", {} multiply-adds a sample", Grouped(totals.macs))
    }
}

/// How wide the columns are, in characters.
struct Widths {
    layer: usize,
    output: usize,
    parameters: usize,
    macs: usize,
}

impl Widths {
    const fn of_headings() -> Self {
        Self { layer: 5, output: 6, parameters: 10, macs: 13 }
    }

    const fn total(&self) -> usize {
        self.layer + self.output + self.parameters + self.macs + 6
    }
}

#[derive(Default)]
struct Totals {
    parameters: usize,
    frozen: usize,
    macs: usize,
}

impl Totals {
    fn add(&mut self, spec: &Spec) {
        for row in spec.rows {
            self.parameters += row.parameters;
            self.macs += row.macs;
            if row.frozen {
                self.frozen += row.parameters;
            } else if let Some(part) = row.part {
                let mut inner = Self::default();
                inner.add(part);
                self.frozen += inner.frozen;
            }
        }
    }
}

fn measure(spec: &Spec, depth: usize, widths: &mut Widths) {
    for row in spec.rows {
        widths.layer = widths.layer.max(length(&Label(row, depth)));
        widths.output = widths.output.max(length(&row.output));
        widths.parameters = widths.parameters.max(length(&Grouped(row.parameters)));
        widths.macs = widths.macs.max(length(&Grouped(row.macs)));
        if let Some(part) = row.part {
            measure(part, depth + 1, widths);
        }
    }
}

fn rows(f: &mut fmt::Formatter<'_>, spec: &Spec, depth: usize, widths: &Widths) -> fmt::Result {
    for row in spec.rows {
        match row.part {
            // A block's numbers stand at its layers.
            Some(part) if !part.rows.is_empty() => {
                line(f, widths, Label(row, depth), row.output, "", "")?;
                rows(f, part, depth + 1, widths)?;
            }
            _ => line(f, widths, Label(row, depth), row.output, Grouped(row.parameters), Grouped(row.macs))?,
        }
    }
    Ok(())
}

fn line(
    f: &mut fmt::Formatter<'_>,
    widths: &Widths,
    layer: impl fmt::Display,
    output: impl fmt::Display,
    parameters: impl fmt::Display,
    macs: impl fmt::Display,
) -> fmt::Result {
    write!(f, "{layer}")?;
    pad(f, widths.layer.saturating_sub(length(&layer)) + 2)?;
    write!(f, "{output}")?;
    pad(f, widths.output.saturating_sub(length(&output)) + 2 + widths.parameters.saturating_sub(length(&parameters)))?;
    write!(f, "{parameters}")?;
    pad(f, 2 + widths.macs.saturating_sub(length(&macs)))?;
    writeln!(f, "{macs}")
}

fn pad(f: &mut fmt::Formatter<'_>, n: usize) -> fmt::Result {
    (0..n).try_for_each(|_| f.write_str(" "))
}

fn rule(f: &mut fmt::Formatter<'_>, n: usize) -> fmt::Result {
    (0..n).try_for_each(|_| f.write_str("─"))?;
    writeln!(f)
}

/// `conv1: Conv2d(6, kernel = 5)`, indented as deep as it is nested.
struct Label(&'static Row, usize);

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(row, depth) = self;
        pad(f, 2 * depth)?;
        if !row.name.is_empty() && row.name != row.layer {
            write!(f, "{}: ", row.name)?;
        }
        f.write_str(row.layer)?;
        if row.frozen { f.write_str(" (frozen)") } else { Ok(()) }
    }
}

/// `44,426`
struct Grouped(usize);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(n) = *self;
        if n < 1000 {
            return write!(f, "{n}");
        }
        write!(f, "{},{:03}", Self(n / 1000), n % 1000)
    }
}

/// How many characters a value prints as.
fn length(value: &impl fmt::Display) -> usize {
    struct Count(usize);
    impl fmt::Write for Count {
        fn write_str(&mut self, s: &str) -> fmt::Result {
            self.0 += s.chars().count();
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting does not fail.
    let _ = fmt::write(&mut count, format_args!("{value}"));
    count.0
}
