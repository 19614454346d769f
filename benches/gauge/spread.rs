//! Many measurements of one thing, told by a few of them.

/// The least of `sorted` that so many percent do not exceed; zero where nothing was measured.
pub(crate) fn percentile<T: Copy + Default>(sorted: &[T], percent: usize) -> T {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}
