/** What the detectors of usage say alike: one episode, what was expected and how far off it was, from begin to end. */
import { entityName } from "../attribution/entity";
import type { Usage } from "../attribution/usage";
import type { Baseline } from "../baseline/baseline";
import type { EpisodeKind, UsageEpisode, WeakSignal } from "../baseline/usage-facets";
import { weakWeight } from "../coincidence";
import { type Deviation, MAX_OCCURRENCES } from "../finding";
import { dollarText } from "../price";
import { nextBand, severityOf } from "../severity";
import { plural } from "../text";
import { DAY, dayOf, HOUR, iso } from "../time";
import type { Sighting, UsageDetector, WatchContext } from "./detector";
import { type Paces, runAway } from "./run-away";
import { round } from "./standout";

type Seen = UsageEpisode | WeakSignal;

export interface UsageWords {
  /** What the finding is called. */
  readonly title: (name: string, seen: Seen) => string;
  /** What happened, as a sentence without its end. */
  readonly what: (name: string, seen: Seen) => string;
  /** Part of the score that every such episode has; how far it is off adds up to 3. */
  readonly base: number;
  /** What it costs follows from these; `null` where they are not known. */
  readonly paces?: (episode: UsageEpisode, baseline: Baseline) => Paces | null;
}

/** What detects one kind of episode of a metric, and what is too weak to be one. */
export const usageEpisodes = (
  metric: Usage["metric"],
  kind: EpisodeKind,
  words: UsageWords,
): Pick<UsageDetector, "detect" | "weakly"> => ({
  /** The episodes that the latest points belong to, as far as they are known. */
  detect(usage, baseline, context) {
    const facet = baseline.usage.get(metric);
    const first = usage.points[0]?.at;
    if (usage.metric !== metric || facet === undefined || first === undefined) return "normal";
    return facet.episodes
      .filter((episode) => episode.kind === kind && episode.toldAt >= first)
      .map((episode) => sightingOf(episode, facet.since, usage, baseline, context, words));
  },
  weakly(baseline, context) {
    const facet = baseline.usage.get(metric);
    return (facet?.weak ?? [])
      .filter((signal) => signal.kind === kind)
      .map((signal) => weakSighting(signal, facet?.since ?? 0, metric, context, words));
  },
});

function sightingOf(
  episode: UsageEpisode,
  since: number,
  { metric, size }: Usage,
  baseline: Baseline,
  { entity }: WatchContext,
  words: UsageWords,
): Sighting {
  const name = entityName(entity);
  const { kind, peak, seconds, points, active } = episode;
  const { offFrom: from = episode.onset, offUntil: last = episode.last } = episode;
  const times = distance(episode);
  const far = round(Math.min(3, Math.log2(Math.max(1, times)) / 1.5));
  const paces = words.paces?.(episode, baseline) ?? null;
  const bill = paces && runAway(paces, size, from, active || kind === "shift");
  const grave = bill?.grave ?? null;
  const score = grave === null ? round(words.base + far) : nextBand(round(words.base + far), 1);
  const forCost =
    grave === null
      ? ""
      : `, and a step of severity because it costs ${dollarText(grave)} a month more than usual`;
  const days = dayOf(from) - dayOf(since);
  const lasted = active
    ? `It goes on, ${plural(points, "point")} of it by ${iso(last)}.`
    : kind === "shift"
      ? `By ${iso(last)} it was over, or had become the new usual.`
      : `It was over by ${iso(last)}.`;
  return {
    deviation: String(episode.grewFrom ?? episode.onset),
    score,
    subject: { metric, period: seconds, value: round(peak) },
    title: words.title(name, episode),
    explanation: [
      `${words.what(name, episode)}.`,
      `That is what ${plural(days, "day")} of history lead to expect at this time of day and week.`,
      lasted,
      ...(bill === null ? [] : [bill.sentence]),
      `Score ${score} (${severityOf(score)}): ${words.base} to begin with, ${far} for how far off it is${forCost}.`,
    ].join(" "),
    baseline: baselineOf(episode, since),
    firstSeen: from,
    lastSeen: Math.max(from, last),
    // Once an hour, as long as it lasts.
    occurrences: Array.from(
      { length: Math.max(1, Math.ceil((last - from) / HOUR)) },
      (_, i) => from + i * HOUR,
    ).slice(0, MAX_OCCURRENCES),
    evidence: [{ source: "metric", ref: `AWS/Lambda ${metric} ${name}`, at: iso(from) }],
    // What is known later describes it better.
    weight: 2 * points + (active ? 0 : 1),
    learnedFrom: dayOf(since) * DAY,
    ...(!active && { endedAt: last }),
  };
}

const WEAK_SCORE = 2;

function weakSighting(
  signal: WeakSignal,
  since: number,
  metric: Usage["metric"],
  { entity }: WatchContext,
  words: UsageWords,
): Sighting {
  const name = entityName(entity);
  const { onset, last } = signal;
  return {
    deviation: String(onset),
    score: WEAK_SCORE,
    subject: { metric, period: signal.seconds, value: round(signal.peak) },
    title: words.title(name, signal),
    explanation: [
      `${words.what(name, signal)}.`,
      `By itself that is too little to be told: ${Math.round(100 * signal.score)} % of what it takes.`,
      `Score ${WEAK_SCORE} (${severityOf(WEAK_SCORE)}).`,
    ].join(" "),
    baseline: baselineOf(signal, since),
    firstSeen: onset,
    lastSeen: last,
    occurrences: [onset],
    evidence: [{ source: "metric", ref: `AWS/Lambda ${metric} ${name}`, at: iso(onset) }],
    weight: weakWeight(signal.score),
    learnedFrom: dayOf(since) * DAY,
  };
}

/** The numbers of an episode, or of what is too weak to be one. */
const baselineOf = (seen: Seen, since: number): Deviation => ({
  days: dayOf(seen.onset) - dayOf(since),
  expected: round(seen.expected),
  observed: round(seen.peak),
  threshold: round(boundOf(seen)),
  rarity: "RARE",
});

/** How many times more, or less, than expected. */
const distance = ({ peak, expected }: Seen) =>
  (peak + 1) / (expected + 1) >= 1 ? (peak + 1) / (expected + 1) : (expected + 1) / (peak + 1);

/** From where on it would have been told, as its score has it. */
const boundOf = ({ peak, score }: Seen) => (score > 0 ? peak / score : peak);

/** `15 minutes`, `2 hours`. */
export const spanText = (seconds: number): string =>
  seconds < 7200 ? plural(Math.round(seconds / 60), "minute") : plural(Math.round(seconds / 3600), "hour");

export const numberText = (value: number): string =>
  value >= 10 ? Math.round(value).toLocaleString("en-US") : String(round(value));
