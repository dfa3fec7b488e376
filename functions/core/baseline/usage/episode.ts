/** One deviation from its first point to its end, so that a thousand points of it are one finding. */

/** A struct that is written over: what is to outlive the next point must be copied. */
export interface Episode {
  active: boolean;
  /** Seconds since 1970: begin of the window that showed it, end of the last point that did. */
  onset: number;
  last: number;
  /** Points that showed it. */
  points: number;
  /** Where it was furthest off: what came, what was expected, in a window of so many seconds. */
  peak: number;
  peakExpected: number;
  peakSeconds: number;
  score: number;
}

export const noEpisode = (): Episode => ({
  active: false,
  onset: 0,
  last: 0,
  points: 0,
  peak: 0,
  peakExpected: 0,
  peakSeconds: 0,
  score: 0,
});

/** Tells an episode of a point that shows it: `from` and `to` in seconds, `score` 1 where it is just reported. */
export function show(
  episode: Episode,
  from: number,
  to: number,
  observed: number,
  expected: number,
  score: number,
): void {
  if (!episode.active) {
    episode.active = true;
    episode.onset = from;
    episode.points = 0;
    episode.score = -1;
  }
  episode.last = to;
  episode.points++;
  if (score <= episode.score) return;
  episode.score = score;
  episode.peak = observed;
  episode.peakExpected = expected;
  episode.peakSeconds = to - from;
}

/** Ends an episode that was not shown for `seconds`. */
export function settle(episode: Episode, now: number, seconds: number): void {
  if (episode.active && now - episode.last >= seconds) episode.active = false;
}
