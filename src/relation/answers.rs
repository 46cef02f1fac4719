//! What is told of single answers as a whole number, and its sums by class of the contact and by server.

use std::collections::{BTreeMap, BTreeSet};

use crate::count::{ClusterSums, FamilySums, Layout, LinkBy, MonthCounts, SurveyCounts, Weighted};
use crate::measure::{Context, index_coefficients};
use crate::month::Month;
use crate::stats::cluster::{Clusters, Sums};
use crate::stats::moments::Moments;

/// Whole numbers per point of the index: coarse enough that 10⁸ squared answers of weight one million fit into 128 bits.
const INDEX_SCALE: f64 = 1e6;
/// Position of the family of all dimension scores, the first of every layout.
const DIMENSIONS_FAMILY: usize = 0;

/// A value of an answer: x = Σ c·(level − lowest level) over its variables, which is `scale` times the points on 0 to 100.
pub(super) struct Value {
    variables: Vec<usize>,
    coefficients: Vec<i128>,
    /// What rounding took from the coefficients, in points.
    residues: Vec<f64>,
    /// Whole numbers x per point.
    pub(super) scale: f64,
    /// Place among the variables kept per server; nothing for the index, which takes all dimensions.
    served: Option<usize>,
}

impl Value {
    /// Finds an item, a dimension or `satisfaction_index`, the index weighted as in `month`; nothing where servers have no sums of it.
    pub(super) fn find(context: &Context<'_>, layout: &Layout, code: &str, month: Month) -> Option<Self> {
        let plain = code.strip_prefix("item:").or(code.strip_prefix("dimension:")).unwrap_or(code);
        if let Some(position) = layout.position(plain) {
            let variable = &layout.variables[position];
            let scale = f64::from(variable.scale * (variable.high - variable.low)) / 100.0;
            let served = layout.served.iter().position(|&one| one == position)?;
            return Some(Self {
                variables: vec![position],
                coefficients: vec![1],
                residues: vec![0.0],
                scale,
                served: Some(served),
            });
        }
        let k = layout.dimensions.len();
        if code != "satisfaction_index" || k == 0 {
            return None;
        }
        let weights = context.weights_at(month).filter(|weights| weights.len() == k);
        let weights = weights.map_or_else(|| vec![1.0 / k as f64; k], <[f64]>::to_vec);
        let (exact, _) = index_coefficients(layout, &weights);
        let rounded = exact.iter().map(|c| (c * INDEX_SCALE).round());
        Some(Self {
            variables: layout.dimensions.clone(),
            coefficients: rounded.clone().map(|c| c as i128).collect(),
            residues: exact.iter().zip(rounded).map(|(c, rounded)| c - rounded / INDEX_SCALE).collect(),
            scale: INDEX_SCALE,
            served: None,
        })
    }

    fn family<'s>(&self, sums: &'s ClusterSums) -> Option<&'s FamilySums> {
        self.served
            .map_or(Some(&sums.dimensions), |served| sums.single.get(served))
            .filter(|sums| sums.count.n > 0)
    }

    fn lowest(&self, layout: &Layout) -> Vec<i128> {
        let low = |&variable: &usize| i128::from(layout.variables[variable].level(0));
        self.variables.iter().map(low).collect()
    }

    /// Returns Σ c·(Σx − low·`count`) for Σwx or Σw²x.
    fn first(&self, lowest: &[i128], sums: &[i128], count: i128) -> i128 {
        (0..sums.len()).map(|i| self.coefficients[i] * (sums[i] - lowest[i] * count)).sum()
    }

    /// Returns the same of the square, from the upper triangle of products.
    fn second(&self, lowest: &[i128], sums: &[i128], products: &[i128], count: i128) -> i128 {
        let k = sums.len();
        let pairs = (0..k).flat_map(|i| (i..k).map(move |j| (i, j)));
        let term = |((i, j), product): ((usize, usize), &i128)| {
            let moved = product - lowest[i] * sums[j] - lowest[j] * sums[i] + lowest[i] * lowest[j] * count;
            let times = if i == j { 1 } else { 2 };
            times * self.coefficients[i] * self.coefficients[j] * moved
        };
        pairs.zip(products).map(term).sum()
    }

    pub(super) fn sums(&self, layout: &Layout, sums: &FamilySums) -> Sums {
        let count = sums.count;
        Sums { n: count.n, w: count.w, wx: self.first(&self.lowest(layout), &sums.wx, count.w) }
    }

    /// Returns what the rounded coefficients leave out of Σwx, in points.
    fn residue(&self, layout: &Layout, sums: &FamilySums) -> f64 {
        let centred =
            self.lowest(layout).into_iter().zip(&sums.wx).map(|(low, wx)| (wx - low * sums.count.w) as f64);
        self.residues.iter().zip(centred).map(|(residue, wx)| residue * wx).sum()
    }

    pub(super) fn moments(&self, layout: &Layout, sums: &FamilySums) -> Moments {
        let (low, Weighted { n, w, ww }) = (self.lowest(layout), sums.count);
        Moments {
            n,
            w,
            ww,
            wx: self.first(&low, &sums.wx, w),
            wxx: self.second(&low, &sums.wx, &sums.wxy, w),
            wwx: self.first(&low, &sums.wwx, ww),
            wwxx: self.second(&low, &sums.wwx, &sums.wwxy, ww),
        }
    }

    /// Returns the variance of single answers of a class; that of the index is over the answers of all classes, as classes keep no products.
    pub(super) fn variance(
        &self,
        layout: &Layout,
        (survey, by): (&[&SurveyCounts], LinkBy),
        class: i16,
    ) -> f64 {
        let mut all = Moments::default();
        for survey in survey {
            if self.served.is_some() {
                let rows = survey.links.iter().filter(|(link, _)| link.by == by && link.class == class);
                rows.for_each(|(_, row)| all.merge(&self.of_levels(layout, row)));
            } else {
                let families = survey.families.iter().filter(|((_, family), _)| *family == DIMENSIONS_FAMILY);
                families.for_each(|(_, sums)| all.merge(&self.moments(layout, sums)));
            }
        }
        all.std_dev(1.0).map_or(0.0, |std_dev| std_dev * std_dev)
    }

    fn of_levels(&self, layout: &Layout, row: &[Weighted]) -> Moments {
        let variable = self.variables[0];
        let levels = &row[layout.starts[variable]..][..layout.variables[variable].n_levels()];
        let mut moments = Moments::default();
        for (x, count) in (0..).zip(levels) {
            moments.merge(&Moments {
                n: count.n,
                w: count.w,
                wx: count.w * x,
                wxx: count.w * x * x,
                ..Moments::default()
            });
        }
        moments
    }
}

/// Answers by class and server, over all departments and months: a server who moved is one cluster.
pub(super) struct Grouped {
    /// Classes with answers, in order.
    pub(super) classes: Vec<i16>,
    /// Servers with answers in each class.
    pub(super) n_servers: Vec<u64>,
    shared: Vec<Vec<Sums>>,
    singles: Vec<Moments>,
    variance: Vec<f64>,
    scale: f64,
    /// Weights and residues of each class.
    residues: Vec<(i128, f64)>,
}

impl Grouped {
    /// Groups the answers of several months by outcome or level.
    pub(super) fn new(layout: &Layout, months: &[(Month, &MonthCounts)], value: &Value, by: LinkBy) -> Self {
        let surveys: Vec<&SurveyCounts> =
            months.iter().filter_map(|(_, counts)| counts.surveys.get("client")).collect();
        let mut shared: BTreeMap<u32, BTreeMap<i16, Sums>> = BTreeMap::new();
        let mut singles: BTreeMap<i16, Moments> = BTreeMap::new();
        let mut residues: BTreeMap<i16, (i128, f64)> = BTreeMap::new();
        for (key, sums) in
            surveys.iter().flat_map(|survey| &survey.servers).filter(|(key, _)| key.link.by == by)
        {
            let Some(family) = value.family(sums) else { continue };
            let residue = residues.entry(key.link.class).or_default();
            *residue = (residue.0 + family.count.w, residue.1 + value.residue(layout, family));
            match key.server {
                Some(server) => {
                    let own = shared.entry(server).or_default().entry(key.link.class).or_default();
                    let more = value.sums(layout, family);
                    *own = Sums { n: own.n + more.n, w: own.w + more.w, wx: own.wx + more.wx };
                }
                None => singles.entry(key.link.class).or_default().merge(&value.moments(layout, family)),
            }
        }
        let classes: BTreeSet<i16> =
            shared.values().flat_map(BTreeMap::keys).chain(singles.keys()).copied().collect();
        let classes: Vec<i16> = classes.into_iter().collect();
        let of_classes = |own: &BTreeMap<i16, Sums>| {
            classes.iter().map(|class| own.get(class).copied().unwrap_or_default()).collect()
        };
        let n_servers = |class: &i16| shared.values().filter(|own| own.contains_key(class)).count() as u64;
        Self {
            n_servers: classes.iter().map(n_servers).collect(),
            shared: shared.values().map(of_classes).collect(),
            singles: classes.iter().map(|class| singles.get(class).copied().unwrap_or_default()).collect(),
            variance: classes.iter().map(|&class| value.variance(layout, (&surveys, by), class)).collect(),
            scale: value.scale,
            residues: classes.iter().map(|class| residues.get(class).copied().unwrap_or_default()).collect(),
            classes,
        }
    }

    /// Returns by how many points the mean of a class is more than its rounded coefficients say.
    pub(super) fn residue(&self, group: usize) -> f64 {
        let (weight, residue) = self.residues[group];
        if weight > 0 { residue / weight as f64 } else { 0.0 }
    }

    /// Returns the groups as the statistics take them.
    pub(super) fn clusters(&self) -> Clusters<'_> {
        Clusters { shared: &self.shared, singles: &self.singles, variance: &self.variance, scale: self.scale }
    }
}
