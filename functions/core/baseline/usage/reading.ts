/** What a line says of a point. Written over by the next one. */
import { PERIOD } from "./parameters";

export interface Reading {
  /** 1 and more is reported. */
  score: number;
  /** Of the window that is furthest off: what came, what was expected, and between what bounds it would have passed. */
  observed: number;
  expected: number;
  low: number;
  high: number;
  /** Seconds of that window. */
  seconds: number;
  /** Whether an episode begins with this point. */
  begins: boolean;
}

export const noReading = (): Reading => ({
  score: 0,
  observed: 0,
  expected: 0,
  low: 0,
  high: 0,
  seconds: PERIOD,
  begins: false,
});
