/** A source's hours through `watch`, and what checks find. Hours are counted from `T0`. */
import { accountEntity } from "../../functions/core/attribution/entity";
import { type Baseline, EMPTY_BASELINE } from "../../functions/core/baseline/baseline";
import { detectionConfig } from "../../functions/core/config";
import type { WatchContext } from "../../functions/core/detectors/detector";
import type { Source, SourceCheck } from "../../functions/core/telemetry/source";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { type WatchResult, watch } from "../../functions/core/watch";
import { ACCOUNT, REGION } from "./account";
import { T0 } from "./flow-log";

export const CONTEXT: WatchContext = {
  entity: accountEntity(ACCOUNT, REGION),
  config: detectionConfig.parse({}),
  threats: NO_THREAT_LISTS,
  account: null,
};

export const atHour = (hour: number) => T0 + hour * 3600;

/** From the first hour to the last one, that included. */
export const hours = (from: number, to: number, isTold: (hour: number) => boolean = () => true): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(isTold);

export const heard = (
  told: readonly number[],
  source: Source = "flow",
  before: Baseline = EMPTY_BASELINE,
  context = CONTEXT,
): Baseline =>
  watch(
    told.map((hour) => ({ kind: "notice", source, at: atHour(hour) + 600 })),
    before,
    context,
  ).baseline;

/** Asks at five past an hour. */
export const asked = (
  baseline: Baseline,
  hour: number,
  fields: Partial<SourceCheck> = {},
  context = CONTEXT,
): WatchResult =>
  watch(
    [{ kind: "check", source: "flow", at: atHour(hour) + 300, since: 0, isLive: true, ...fields }],
    baseline,
    context,
  );
