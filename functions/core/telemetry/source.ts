/** Where telemetry comes from, and whether it comes. */

export const SOURCES = ["flow", "trail", "metrics"] as const;
export type Source = (typeof SOURCES)[number];

export const SOURCE_NAMES: Readonly<Record<Source, string>> = {
  flow: "VPC Flow Logs",
  trail: "CloudTrail",
  metrics: "CloudWatch metrics",
};

/** A source told of an account: so what it does not tell of did not happen. */
export interface Notice {
  readonly kind: "notice";
  readonly source: Source;
  /** Seconds since 1970. */
  readonly at: number;
}

/** It is time to ask whether a source still tells of an account: that nothing comes is told by nothing that comes. */
export interface SourceCheck {
  readonly kind: "check";
  readonly source: Source;
  /** Seconds since 1970. */
  readonly at: number;
  /** Since when there has been something to tell of, as far as is known. */
  readonly since: number;
  /**
   * What has not come by now is missing. Not in the midst of a folder: there, only what came again tells that it was
   * away.
   */
  readonly isLive: boolean;
}
