/**
 * How surprising a count is. A negative binomial count of mean `m` has variance `m + phi m^2`; `stabilised` turns it into
 * something whose variance is about 1 whatever the mean (F. Anscombe, Biometrika 35, 1948), so differences of two are in
 * standard deviations.
 */
export const stabilised = (count: number, phi: number): number =>
  phi < 1e-6
    ? 2 * Math.sqrt(count + 0.375)
    : (2 / Math.sqrt(phi)) * Math.asinh(Math.sqrt(phi * (count + 0.375)));

/** What remains after one step of something that halves in `steps`. */
export const halving = (steps: number): number => 0.5 ** (1 / steps);

/**
 * Follows the value that a `share` of all values lies below, by steps that do not depend on how far off one is: so a few
 * days on which everything is wrong hardly move it (H. Robbins, S. Monro, Ann. Math. Stat. 22, 1951, in the logarithm).
 */
export const followQuantile = (quantile: number, value: number, share: number, step: number): number =>
  quantile * (value > quantile ? 1 + step * share : 1 - step * (1 - share));
