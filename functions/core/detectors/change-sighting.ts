/** What the detectors of changes say alike: who changed what, from where, and who does so as a rule. */
import type { Change } from "../attribution/act";
import type { Entity } from "../attribution/entity";
import type { Baseline } from "../baseline/baseline";
import { standingOf, usualDeployers } from "../baseline/deployers";
import { daysBefore } from "../baseline/history";
import { own } from "../own";
import { severityOf } from "../severity";
import { listed, plural } from "../text";
import { DAY, dayOf, iso, isoDay } from "../time";
import type { Ending, Sighting, Verdict, WatchContext } from "./detector";
import { round } from "./standout";

export interface ChangeJudgement extends Pick<Sighting, "deviation" | "score" | "title"> {
  /** What was changed, in a few words. */
  readonly detail: string;
  /** Sentences that say why, after the one that says what happened. */
  readonly reasons: readonly string[];
  readonly baseline: Sighting["baseline"];
  readonly learnedFrom: number | null;
}

/** A sighting of a change, ended where the trail knows of its end already. */
export function changeSighting(
  { event, by }: Change,
  { reasons, detail, ...judgement }: ChangeJudgement,
  { trail }: Baseline,
): Sighting {
  const endedAt = own(trail?.ended, judgement.deviation);
  const from = event.sourceIp === null ? "" : ` from ${event.sourceIp}`;
  const agent = event.userAgent === null ? "" : ` (${event.userAgent.slice(0, 80)})`;
  return {
    ...judgement,
    subject: { eventName: event.eventName, actor: by.name, detail },
    explanation: [
      `${capital(by.name)} called ${event.eventName}${from}${agent} at ${iso(event.at)}: ${detail}.`,
      ...reasons,
    ].join(" "),
    firstSeen: event.at,
    lastSeen: event.at,
    occurrences: [event.at],
    evidence: [{ source: "cloudtrail", ref: event.id, at: iso(event.at) }],
    weight: judgement.score,
    ...(endedAt !== undefined && endedAt >= event.at && { endedAt }),
  };
}

/** A change that is wrong by itself, whoever made it. */
export const plainSighting = (
  change: Change,
  judgement: Pick<ChangeJudgement, "deviation" | "score" | "title" | "detail" | "reasons">,
  baseline: Baseline,
): Sighting =>
  changeSighting(
    change,
    {
      ...judgement,
      reasons: [...judgement.reasons, `Score ${judgement.score} (${severityOf(judgement.score)}).`],
      baseline: { days: 0, expected: 0, observed: 1, threshold: 0, rarity: "UNSEEN" },
      learnedFrom: null,
    },
    baseline,
  );

const BY_A_PERSON = 1;

/** A change that is wrong where it is not made by whoever makes such changes as a rule. */
export function unusualChange(
  change: Change,
  { deviation, base, what, detail }: { deviation: string; base: number; what: string; detail: string },
  baseline: Baseline,
  { account, config }: WatchContext,
): Verdict {
  const { event, by } = change;
  if (baseline.trail === null) return "normal";
  const day = dayOf(event.at);
  const standing = standingOf(by, day, baseline.trail, account, config);
  if (standing !== "unusual") return standing === "learning" ? "learning" : "normal";
  const began = account?.activity.firstDay ?? day;
  const usual = usualDeployers(day, baseline.trail, account, config);
  const before = own(baseline.trail.deployers, by.key);
  const times = before === undefined ? 0 : daysBefore(before.history, day);
  const score = round(base + (by.isPerson ? BY_A_PERSON : 0));
  const who = usual.map(({ name, history }) => `${name} since ${isoDay(history.firstDay)}`);
  return changeSighting(
    change,
    {
      deviation: `${by.key} ${deviation}`,
      score,
      title: `${what} by ${by.name}, who does not deploy it as a rule`,
      detail,
      reasons: [
        `In ${plural(day - began, "day")} of CloudTrail, ${who.length === 0 ? "nobody changed this function as a rule" : `it was changed by ${listed(who)}`}.`,
        `${capital(by.name)} ${times === 0 ? "never changed it before" : `changed it on ${plural(times, "day")} before`}.`,
        `Score ${score} (${severityOf(score)}): ${base} for the change${by.isPerson ? `, ${BY_A_PERSON} because a person made it` : ""}.`,
      ],
      baseline: {
        days: day - began,
        expected: usual.length,
        observed: usual.length + 1,
        threshold: usual.length,
        rarity: times === 0 ? "UNSEEN" : "RARE",
      },
      learnedFrom: began * DAY,
    },
    baseline,
  );
}

/** The end of what a change began. */
export const ending = ({ event }: Change, ends: string): Ending => ({ ends, at: event.at });

export const isOfFunction = ({ functionArn }: Entity): boolean => functionArn !== null;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
