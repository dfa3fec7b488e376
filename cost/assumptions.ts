/** What is neither measured nor read off the deployment, but taken to be so. All of it is printed with the bill. */

export const ASSUMED = {
  daysAMonth: 30,
  /** Flow log objects: one for five minutes at least, and so many for each gigabyte of text. */
  leastObjectsADay: 288,
  objectsPerGigabyte: 20,
  /** Lambda gives a processor for so much memory, and bills the time that passes, waiting included. */
  megabytesPerProcessor: 1769,
  dynamoDbSeconds: 0.005,
  s3Seconds: 0.05,
  getMetricDataSeconds: 0.5,
  apiPageSeconds: 0.2,
  functionsPerPage: 50,
  /** Starts of containers a day, and what one takes. */
  coldStartsADay: 100,
  coldStartSeconds: 2,
  /** Containers that hold the inventory in memory, and read it again when it changed. */
  containers: 8,
  /** Of all functions, those that are deployed in a way that changes the inventory, a day. */
  changedADay: 0.02,
  /** Lambda asks a queue that is empty: five pollers, each every 20 seconds. */
  emptyReceivesADay: 5 * 3 * 1440,
  messagesPerReceive: 10,
  pollers: 5,
  /** What a run writes to its log: Lambda's three lines, and one with metrics. */
  logBytesPerRun: 1_500,
  /** DynamoDB asks KMS for a table's key every five minutes for each role that uses it. */
  keyRequestsPerTableADay: 288,
} as const;

export interface Volume {
  readonly gbPerDay: number;
  readonly functions: number;
  readonly eventsPerDay: number;
  /** Of the flow logs' bytes, those on Lambda's interfaces. */
  readonly lambdaPercent: number;
  /** Of the functions, those that send more than 64 KiB in every five minutes. */
  readonly sendingPercent: number;
  /** Of the functions, those that are called all the time. */
  readonly busyPercent: number;
  /** Of the events, those that functions cause. */
  readonly functionEventsPercent: number;
  readonly findingsPerDay: number;
}

/** In words, for who reads the bill. */
export function assumptionsOf(volume: Volume): string[] {
  const a = ASSUMED;
  return [
    `A month has ${a.daysAMonth} days. No free tier is taken off. Prices are those of us-east-1.`,
    `${volume.gbPerDay} GB a day is the text of the flow logs, as AWS bills it; ${volume.lambdaPercent} % of it is of Lambda's interfaces (--lambda-percent).`,
    `It comes in ${a.objectsPerGigabyte} objects a GB, at least one for five minutes.`,
    `Every function is in a VPC, behind an interface of its own, and in one object of every five minutes; ${volume.sendingPercent} % of them send more than 64 KiB in each, so that volume is kept (--sending-percent).`,
    `${volume.busyPercent} % of the functions are called all the time (--busy-percent).`,
    `Of the management events, ${volume.functionEventsPercent} % are calls of functions, five kinds each, and come to Plumbline (--function-events-percent); GuardDuty takes all.`,
    `${volume.findingsPerDay} findings a day, each one mail (--findings-per-day).`,
    `A call of DynamoDB takes ${a.dynamoDbSeconds * 1000} ms, of S3 ${a.s3Seconds * 1000} ms, of GetMetricData ${a.getMetricDataSeconds * 1000} ms; Lambda gives a processor as fast as the one measured on for ${a.megabytesPerProcessor} MB.`,
    `${a.coldStartsADay} starts of containers a day at ${a.coldStartSeconds} s; ${a.changedADay * 100} % of the functions change their VPC settings or role in a day, after which ${a.containers} containers load the inventory anew.`,
    `Lambda polls each queue with ${a.pollers} pollers every 20 seconds, empty or not; a run logs ${a.logBytesPerRun} bytes.`,
    "GuardDuty analyses as many GB as the flow logs have; it needs none to be delivered. Its Lambda Protection and the rest of its plans are not in it.",
  ];
}
