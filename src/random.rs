//! Random numbers that are the same on every machine: ChaCha8 streams named by words.
//!
//! In: the words that name a stream (project, month, department, measure …). Out: numbers. Deliberately absent: any seed from the system.

use std::sync::LazyLock;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Streams whose names begin with the same words and end with a number each.
#[derive(Debug, Clone)]
pub struct Streams(blake3::Hasher);

impl Streams {
    /// Begins the names with `words`.
    pub fn new(words: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        words.iter().for_each(|word| name(&mut hasher, word));
        Self(hasher)
    }

    /// Opens the stream that the words and then `number`, as a word, name.
    pub fn open(&self, number: usize) -> Random {
        let mut hasher = self.0.clone();
        name(&mut hasher, &number.to_string());
        Random::named(&hasher)
    }
}

fn name(hasher: &mut blake3::Hasher, word: &str) {
    hasher.update(&(word.len() as u64).to_le_bytes());
    hasher.update(word.as_bytes());
}

/// One stream of random numbers.
#[derive(Debug, Clone)]
pub struct Random {
    source: ChaCha8Rng,
    spare: Option<f64>,
}

impl Random {
    /// Opens the stream that `words` name; other words give an independent stream.
    pub fn new(words: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        words.iter().for_each(|word| name(&mut hasher, word));
        Self::named(&hasher)
    }

    fn named(hasher: &blake3::Hasher) -> Self {
        Self { source: ChaCha8Rng::from_seed(*hasher.finalize().as_bytes()), spare: None }
    }

    /// Returns a uniform number in [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.source.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Returns 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.source.next_u64()
    }

    /// Returns a uniform whole number in 0..`n` (`n` > 0), by Lemire's multiplication, without bias.
    pub fn below(&mut self, n: u64) -> u64 {
        loop {
            let product = u128::from(self.source.next_u64()) * u128::from(n);
            // What is refused lies below 2⁶⁴ mod n, hence below n: the division is hardly ever needed.
            if product as u64 >= n || product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// Returns a standard normal number (Marsaglia's polar method, so that only `libm` functions are used).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                let scale = libm::sqrt(-2.0 * libm::log(s) / s);
                self.spare = Some(v * scale);
                return u * scale;
            }
        }
    }

    /// Returns two standard normal numbers of 23 bits each, for draws that are only compared with one another.
    ///
    /// Marsaglia and Tsang's ziggurat (2000) of 256 layers; several times as quick as `normal`.
    pub fn coarse_normals(&mut self) -> [f64; 2] {
        let bits = self.source.next_u64();
        [self.in_layer(bits as u32), self.in_layer((bits >> 32) as u32)]
    }

    /// Takes layer, sign and place in the layer from 32 random bits; one in a hundred is drawn anew.
    fn in_layer(&mut self, bits: u32) -> f64 {
        let layer = (bits & 0xff) as usize;
        let x = (f64::from(bits >> 9) + 0.5) * ZIGGURAT.steps[layer];
        let x = if x < ZIGGURAT.edges[layer + 1] { x } else { self.outside_layer(layer, x) };
        if bits & 0x100 == 0 { x } else { -x }
    }

    #[cold]
    fn outside_layer(&mut self, layer: usize, x: f64) -> f64 {
        if layer == 0 {
            return self.tail();
        }
        let (low, high) = (ZIGGURAT.heights[layer], ZIGGURAT.heights[layer + 1]);
        if low + self.uniform() * (high - low) < libm::exp(-0.5 * x * x) {
            return x;
        }
        let [again, _] = self.coarse_normals();
        again.abs()
    }

    /// Returns a normal number beyond the ziggurat's base (Marsaglia 1964).
    fn tail(&mut self) -> f64 {
        loop {
            let (x, y) = (self.exponential() / BASE, self.exponential());
            if 2.0 * y > x * x {
                return BASE + x;
            }
        }
    }

    /// Returns an exponential number with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
    }

    /// Returns true with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Shuffles `items` in place (Fisher-Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// Where the lowest layer of the ziggurat ends and the tail begins.
const BASE: f64 = 3.654_152_885_361_009;
/// Area of each layer under exp(−x²/2).
const AREA: f64 = 0.004_928_673_233_974_655;

/// Layers of equal area under the normal curve: layer i reaches from 0 to `edges[i]`, and from `heights[i]` to `heights[i + 1]`.
struct Ziggurat {
    edges: [f64; 257],
    heights: [f64; 257],
    /// Edges in steps of 23 bits.
    steps: [f64; 256],
}

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let curve = |x: f64| libm::exp(-0.5 * x * x);
    let (mut edges, mut heights) = ([0.0; 257], [1.0; 257]);
    (edges[0], edges[1]) = (AREA / curve(BASE), BASE);
    (heights[0], heights[1]) = (0.0, curve(BASE));
    for layer in 2..256 {
        heights[layer] = heights[layer - 1] + AREA / edges[layer - 1];
        edges[layer] = libm::sqrt(-2.0 * libm::log(heights[layer]));
    }
    let steps = std::array::from_fn(|layer| edges[layer] / 8_388_608.0);
    Ziggurat { edges, heights, steps }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_streams() {
        let first = |words: &[&str]| Random::new(words).uniform().to_bits();
        assert_eq!(first(&["a", "b"]), first(&["a", "b"]));
        assert_ne!(first(&["a", "b"]), first(&["ab"]));
        assert_eq!(Streams::new(&["a", "b"]).open(7).uniform().to_bits(), first(&["a", "b", "7"]));
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut random = Random::new(&["normal"]);
        let draws: Vec<f64> = (0..100_000).map(|_| random.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn coarse_normal_numbers_have_the_normal_distribution() {
        let mut random = Random::new(&["ziggurat"]);
        let draws: Vec<f64> = (0..500_000).flat_map(|_| random.coarse_normals()).collect();
        let below = |x: f64| draws.iter().filter(|draw| **draw < x).count() as f64 / 1e6;
        // Φ at some points, the last beyond the base; four standard errors.
        for (x, p) in [
            (-2.0, 0.022750132),
            (-0.5, 0.308537539),
            (0.1, 0.539827837),
            (1.5, 0.933192799),
            (3.8, 0.999927652),
        ] {
            let error = libm::sqrt(p * (1.0 - p) / 1e6);
            assert!((below(x) - p).abs() < 4.0 * error, "{x} {}", below(x));
        }
        let fourth = draws.iter().map(|x| x * x * x * x).sum::<f64>() / 1e6;
        assert!((fourth - 3.0).abs() < 0.04, "{fourth}");
    }

    #[test]
    fn below_reaches_every_number_evenly() {
        let mut random = Random::new(&["below"]);
        let mut seen = [0u32; 7];
        (0..70_000).for_each(|_| seen[random.below(7) as usize] += 1);
        assert!(seen.iter().all(|n| (9_600..10_400).contains(n)), "{seen:?}");
    }
}
