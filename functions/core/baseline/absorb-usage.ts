/** What points of metrics add to a baseline: each goes once, in order, through the line of its metric. */
import type { Usage, UsagePoint } from "../attribution/usage";
import type { MetricName } from "../telemetry/metric-data";
import { type Baseline, withFacets } from "./baseline";
import { count, countLine } from "./usage/counts";
import type { Episode } from "./usage/episode";
import { decode, encode } from "./usage/item";
import type { Order } from "./usage/order";
import { PERIOD } from "./usage/parameters";
import { failures, isFailing, rateLine } from "./usage/rates";
import type { Reading } from "./usage/reading";
import { duration, isLong, shiftLine } from "./usage/shift";
import { isHigh } from "./usage/spikes";
import { type EpisodeKind, MAX_EPISODES, type UsageEpisode, type UsageFacet } from "./usage-facets";
import { grewFrom, withWeak } from "./weak-signals";

/** What a line watches for: an episode, and, where it can be off by a little, how far the last point is. */
interface Watched {
  readonly kind: EpisodeKind;
  readonly episode: Episode;
  readonly reading?: Reading;
  /** Whether a point of its windows is off by itself. */
  readonly isOff: (slot: number) => boolean;
}

/** A line of some metric: takes points, and has episodes. */
interface Line {
  readonly state: { readonly order: Order };
  take(point: UsagePoint): void;
  readonly watched: readonly Watched[];
}

function lineOf(metric: MetricName, item: unknown): Line {
  switch (metric) {
    case "Invocations":
    case "ConcurrentExecutions": {
      const line = decode(countLine(), item) ?? countLine();
      const spike: Watched = {
        kind: "spike",
        episode: line.spike,
        reading: line.reading,
        isOff: (slot) => isHigh(line, slot),
      };
      const silence: Watched = { kind: "silence", episode: line.silence.episode, isOff: () => true };
      return {
        state: line,
        take: ({ at, value }) => void count(line, at, value),
        watched: metric === "Invocations" ? [spike, silence] : [spike],
      };
    }
    case "Errors":
    case "Throttles": {
      const line = decode(rateLine(), item) ?? rateLine();
      return {
        state: line,
        take: ({ at, value, tried }) => void failures(line, at, value, tried),
        watched: [
          {
            kind: "failures",
            episode: line.episode,
            reading: line.reading,
            isOff: (slot) => isFailing(line, slot),
          },
        ],
      };
    }
    case "Duration": {
      const line = decode(shiftLine(), item) ?? shiftLine();
      return {
        state: line,
        take: ({ at, value }) => void duration(line, at, value),
        watched: [
          {
            kind: "shift",
            episode: line.shift,
            reading: line.reading,
            // Which points came before is not kept: they are in the median that showed it.
            isOff: (slot) => slot < line.order.upTo || isLong(line),
          },
        ],
      };
    }
  }
}

/** A baseline with usage in it. Points that were taken before are passed over. */
export function withUsage(before: Baseline, usage: readonly Usage[]): Baseline {
  const facets = usage.flatMap((one) => advanced(one, before.usage.get(one.metric)) ?? []);
  return withFacets(before, facets);
}

function advanced({ metric, points }: Usage, known: UsageFacet | undefined): UsageFacet | null {
  // A line begins with the first use: before, nobody knows whether the function was there.
  const from = known?.upTo ?? (points.find(({ value, tried }) => value > 0 || tried > 0)?.at ?? Infinity) - 1;
  const news = points.filter(({ at }) => at > from);
  const last = news.at(-1);
  if (last === undefined) return null;
  const line = lineOf(metric, known?.line);
  let episodes = known?.episodes ?? [];
  let weak = known?.weak ?? [];
  for (const point of news) {
    line.take(point);
    for (const watched of line.watched) {
      const { kind, episode, reading } = watched;
      if (reading !== undefined && !episode.active) weak = withWeak(weak, kind, reading, point.at + PERIOD);
      episodes = noted(episodes, watched, point, grewFrom(weak, kind, episode));
    }
  }
  return {
    facet: `USAGE#${metric}`,
    upTo: last.at,
    since: line.state.order.since * PERIOD,
    line: encode(line.state),
    episodes,
    ...(weak.length > 0 && { weak }),
  };
}

/** Episodes with one as it stands now: it begins, goes on, or has ended. */
function noted(
  episodes: readonly UsageEpisode[],
  { kind, episode: now, isOff }: Watched,
  point: UsagePoint,
  root: number | undefined,
): readonly UsageEpisode[] {
  const toldAt = point.at;
  const index = episodes.findLastIndex((one) => one.kind === kind && one.active);
  const before = episodes[index];
  if (!now.active) {
    return before === undefined ? episodes : episodes.with(index, { ...before, active: false, toldAt });
  }
  if (before !== undefined && before.onset === now.onset && before.last === now.last) return episodes;
  const { active, onset, last, points, peak, peakExpected: expected, peakSeconds: seconds, score } = now;
  const known = before?.onset === onset ? before : undefined;
  const grewFrom = known === undefined ? root : known.grewFrom;
  const seen: UsageEpisode = {
    kind,
    active,
    onset,
    last,
    offFrom: known?.offFrom ?? firstOff(onset, point.at, isOff),
    offUntil: isOff(point.at / PERIOD) ? last : (known?.offUntil ?? last),
    points,
    ...(grewFrom !== undefined && { grewFrom }),
    toldAt,
    peak,
    expected,
    seconds: seconds || PERIOD,
    score,
  };
  if (known !== undefined) return episodes.with(index, seen);
  const ended = before === undefined ? episodes : episodes.with(index, { ...before, active: false, toldAt });
  return [...ended, seen].slice(-MAX_EPISODES);
}

/** Begin of the first point from `onset` to `at` that is off by itself; `onset` where none is. */
function firstOff(onset: number, at: number, isOff: Watched["isOff"]): number {
  for (let from = onset; from <= at; from += PERIOD) if (isOff(from / PERIOD)) return from;
  return onset;
}
