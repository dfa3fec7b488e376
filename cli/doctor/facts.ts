/** What the doctor knows of an installation, in AWS or on this machine, before it says what it thinks of it. */
import type { LambdaFunction, NetworkInterface } from "../../functions/core/attribution/inventory";

export interface Facts {
  /** When it was looked, in seconds since 1970; of telemetry on this machine the time of the newest. */
  readonly now: number;
  /** Functions, and Lambda's interfaces with the functions that they may serve. */
  readonly account: {
    readonly functions: readonly LambdaFunction[];
    readonly interfaces: readonly NetworkInterface[];
  };
  /** Functions in a VPC that have no interface there, as Lambda describes their state. */
  readonly withoutInterface: readonly FunctionState[];
  /** The bucket from which Plumbline reads. */
  readonly bucket: string;
  readonly flowLogs: readonly FlowLog[];
  /** Flow logs of which AWS delivered something in the last two hours. */
  readonly recentlyDelivered: ReadonlySet<string>;
  /** Which fields flow logs have. */
  readonly formats: readonly FlowLogFormat[];
  readonly trails: readonly Trail[];
  /** Plumbline's rules of EventBridge. */
  readonly rules: readonly Rule[];
  /** Rules in us-east-1 that hand events on to Plumbline's Region; not asked where that is us-east-1. */
  readonly forwarders: readonly Rule[];
  /** Interfaces that the stored inventory has as they are now. */
  readonly storedInterfaces: ReadonlySet<string>;
  /** When AWS's address ranges were last looked at; `null` where none are stored. */
  readonly awsRanges: { readonly checkedAt: number | null };
  /** How many threat lists there are; `location` is `null` where none was named. */
  readonly threatLists: { readonly location: string | null; readonly lists: number };
  /** When each source last told of something. */
  readonly sources: readonly Source[];
  /** Messages that were set aside, by queue. */
  readonly setAside: readonly { readonly queue: string; readonly messages: number }[];
  /** The same of what could not be handed on from us-east-1. */
  readonly setAsideGlobally: Facts["setAside"];
  readonly subscriptions: readonly { readonly protocol: string; readonly isConfirmed: boolean }[];
  readonly alarms: readonly Alarm[];
}

export interface FunctionState {
  readonly functionName: string;
  readonly state: string | null;
  /** Lambda's code and words for it, such as `InsufficientRolePermissions`. */
  readonly reason: string | null;
}

export interface FlowLog {
  readonly id: string;
  /** A VPC, a subnet or an interface. */
  readonly resourceId: string;
  /** `ALL`, `ACCEPT` or `REJECT`. */
  readonly traffic: string;
  /** Name of the bucket; `null` where it is delivered to something else. */
  readonly bucket: string | null;
  /** Where it is delivered, as AWS says. */
  readonly destination: string;
  /** Seconds that one record may tell of. */
  readonly interval: number;
  /** Why AWS cannot deliver it; `null` where it can. */
  readonly failure: string | null;
}

export interface FlowLogFormat {
  /** The flow log or the object that has it. */
  readonly of: string;
  readonly fields: readonly string[];
}

export interface Trail {
  readonly name: string;
  readonly isLogging: boolean;
  /** Management events that it keeps; `null` where its selectors cannot be read. */
  readonly keeps: { readonly reads: boolean; readonly writes: boolean } | null;
}

export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly state: string;
  /** It is made to see calls that only read. */
  readonly wantsReads: boolean;
}

export interface Source {
  readonly name: "flow logs" | "CloudTrail" | "metrics";
  /** Seconds since 1970; `null` where nothing is known of it. */
  readonly newest: number | null;
}

export interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly isInAlarm: boolean;
  readonly hasActions: boolean;
}

/** Whether a rule is Plumbline's, by its description: others may lie beside it. */
export const isOwnRule = ({ description }: Rule): boolean => description.startsWith("Plumbline: ");

/** A fact, or why it is not known. */
export type Fact<T> = { readonly value: T } | { readonly missing: string };

/** What was gathered; a fact that is not there does not apply. */
export type Gathered = { readonly [Name in keyof Facts]?: Fact<Facts[Name]> };

/** What follows from a fact, where it is known. */
export const derived = <T, U>(fact: Fact<T>, of: (value: T) => U): Fact<U> =>
  "missing" in fact ? fact : { value: of(fact.value) };
