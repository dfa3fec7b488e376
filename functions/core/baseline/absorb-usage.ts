/** What points of metrics add to a baseline: each goes once, in order, through the line of its metric. */
import type { Usage, UsagePoint } from "../attribution/usage";
import type { MetricName } from "../telemetry/metric-data";
import { type Baseline, withFacets } from "./baseline";
import { count, countLine } from "./usage/counts";
import type { Episode } from "./usage/episode";
import { decode, encode } from "./usage/item";
import type { Order } from "./usage/order";
import { PERIOD } from "./usage/parameters";
import { failures, rateLine } from "./usage/rates";
import { duration, shiftLine } from "./usage/shift";
import { type EpisodeKind, MAX_EPISODES, type UsageEpisode, type UsageFacet } from "./usage-facets";

/** A line of some metric: takes points, and has episodes. */
interface Line {
  readonly state: { readonly order: Order };
  take(point: UsagePoint): void;
  readonly episodes: readonly (readonly [EpisodeKind, Episode])[];
}

function lineOf(metric: MetricName, item: unknown): Line {
  switch (metric) {
    case "Invocations":
    case "ConcurrentExecutions": {
      const line = decode(countLine(), item) ?? countLine();
      const silence = [["silence", line.silence.episode] as const];
      return {
        state: line,
        take: ({ at, value }) => void count(line, at, value),
        episodes: [["spike", line.spike], ...(metric === "Invocations" ? silence : [])],
      };
    }
    case "Errors":
    case "Throttles": {
      const line = decode(rateLine(), item) ?? rateLine();
      return {
        state: line,
        take: ({ at, value, tried }) => void failures(line, at, value, tried),
        episodes: [["failures", line.episode]],
      };
    }
    case "Duration": {
      const line = decode(shiftLine(), item) ?? shiftLine();
      return {
        state: line,
        take: ({ at, value }) => void duration(line, at, value),
        episodes: [["shift", line.shift]],
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
  for (const point of news) {
    line.take(point);
    for (const [kind, episode] of line.episodes) episodes = noted(episodes, kind, episode, point.at);
  }
  return {
    facet: `USAGE#${metric}`,
    upTo: last.at,
    since: line.state.order.since * PERIOD,
    line: encode(line.state),
    episodes,
  };
}

/** Episodes with one as it stands now: it begins, goes on, or has ended. */
function noted(
  episodes: readonly UsageEpisode[],
  kind: EpisodeKind,
  now: Episode,
  toldAt: number,
): readonly UsageEpisode[] {
  const index = episodes.findLastIndex((one) => one.kind === kind && one.active);
  const before = episodes[index];
  if (!now.active) {
    return before === undefined ? episodes : episodes.with(index, { ...before, active: false, toldAt });
  }
  if (before !== undefined && before.onset === now.onset && before.last === now.last) return episodes;
  const { active, onset, last, points, peak, peakExpected: expected, peakSeconds: seconds, score } = now;
  const seen: UsageEpisode = {
    kind,
    active,
    onset,
    last,
    points,
    toldAt,
    peak,
    expected,
    seconds: seconds || PERIOD,
    score,
  };
  if (before !== undefined && before.onset === onset) return episodes.with(index, seen);
  const ended = before === undefined ? episodes : episodes.with(index, { ...before, active: false, toldAt });
  return [...ended, seen].slice(-MAX_EPISODES);
}
