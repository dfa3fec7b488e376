/** Draws from distributions, from the seeded numbers of `samples/random.ts`. */
import { type Random, random } from "../../samples/random";

export interface Chance extends Random {
  /** Uniform between two numbers. */
  between(low: number, high: number): number;
  /** Uniform in the logarithm: as many between 1 and 10 as between 10 and 100. */
  scale(low: number, high: number): number;
  happens(probability: number): boolean;
  /** Standard normal (G. Box, M. Muller, 1958). */
  normal(): number;
  /** Mean 1, variance `1 / shape` (G. Marsaglia, W. W. Tsang, ACM TOMS 26, 2000). */
  gamma(shape: number): number;
  poisson(mean: number): number;
}

export function chance(seed: number): Chance {
  const source = random(seed);
  const { next } = source;
  const between = (low: number, high: number) => low + (high - low) * next();
  const scale = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  const happens = (probability: number) => next() < probability;
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return { ...source, between, scale, happens, normal, gamma, poisson };

  function gamma(shape: number): number {
    if (shape < 1) return (gamma(shape + 1) * (shape + 1) * (1 - next()) ** (1 / shape)) / shape;
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - next()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return (d * v) / shape;
    }
  }

  /** By multiplying uniforms (D. Knuth, TAOCP 2, 3.4.1); a large mean by the normal distribution. */
  function poisson(mean: number): number {
    if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let product = 1 - next();
    let count = 0;
    while (product > limit) {
      product *= 1 - next();
      count++;
    }
    return count;
  }
}
