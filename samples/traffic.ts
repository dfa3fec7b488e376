/**
 * What the functions of the sample do, minute by minute. They keep to their lines for fourteen days; on the last, some
 * leave them (`incidents`).
 */
import { LAMBDA_INTERFACES, RESOURCES, type SampleInterface } from "./account";
import type { SampleConnection } from "./flow-log-file";
import type { Random } from "./random";

export const DAYS = 15;
/** 2026-10-01T00:00:00Z, a Thursday. */
export const BEGIN = 1_790_812_800;
const MINUTES_PER_DAY = 1440;
/** When NightlyReport's interface is replaced. */
export const REPLACED_AT = BEGIN + 8 * 86_400;

interface Remote {
  readonly address: string;
  readonly port: number;
  readonly service?: string;
}

const at = ({ address }: SampleInterface, port: number): Remote => ({ address, port });

const usersDb = at(RESOURCES.usersDb, 5432);
const auditDb = at(RESOURCES.auditDb, 5432);
const payrollDb = at(RESOURCES.payrollDb, 5432);
const sessions = at(RESOURCES.sessions, 6379);
const media = at(RESOURCES.media, 2049);
const pricing = at(RESOURCES.pricing, 443);
const secrets = at(RESOURCES.secrets, 443);
const weather: Remote[] = [
  { address: "203.0.113.40", port: 443 },
  { address: "203.0.113.41", port: 443 },
];
const partner: Remote = { address: "192.0.2.80", port: 8443 };
const callsHome: Remote = { address: "198.51.100.66", port: 443 };
const dynamodb = (random: Random): Remote => ({
  address: `52.94.${random.whole(0, 9)}.${random.whole(1, 254)}`,
  port: 443,
  service: "DYNAMODB",
});
/** S3 answers from other addresses all the time. */
const s3 = (random: Random): Remote => ({
  address: `52.216.${random.whole(0, 255)}.${random.whole(1, 254)}`,
  port: 443,
  service: "S3",
});

/** `within`: seconds of the minute in which it may begin. */
type Connect = (
  from: SampleInterface,
  to: Remote,
  bytesOut: number,
  bytesIn: number,
  within?: number,
) => void;

/** Connections of one minute; `minute` counts from the beginning of the sample. */
export function trafficOf(minute: number, random: Random): SampleConnection[] {
  const seconds = BEGIN + minute * 60;
  const day = Math.floor(minute / MINUTES_PER_DAY);
  const ofDay = minute % MINUTES_PER_DAY;
  const connections: SampleConnection[] = [];
  const connect: Connect = (from, to, bytesOut, bytesIn, within = 50) =>
    connections.push({
      interfaceId: from.id,
      local: from.address,
      remote: to.address,
      port: to.port,
      service: to.service ?? "-",
      at: seconds + random.whole(0, within),
      bytesOut: Math.round(bytesOut * (0.8 + 0.4 * random.next())),
      bytesIn: Math.round(bytesIn * (0.8 + 0.4 * random.next())),
    });

  // On the last day it does not run any more after half past four.
  if (ofDay % 5 === 0 && (day < DAYS - 1 || ofDay < 270)) {
    connect(LAMBDA_INTERFACES.RDSQueryLogger, usersDb, 2_400, 18_000);
    connect(LAMBDA_INTERFACES.RDSQueryLogger, auditDb, 5_200, 1_100);
  }
  // Orders come in bursts, more of them by day, fewer at the weekend.
  const weekend = [2, 3].includes(day % 7) ? 0.5 : 1;
  const daylight = 0.3 + 0.7 * Math.max(0, Math.sin(((ofDay - 360) / MINUTES_PER_DAY) * 2 * Math.PI));
  if (random.next() < 0.25 * daylight * weekend) {
    for (let i = random.whole(1, 4); i > 0; i--) {
      connect(LAMBDA_INTERFACES.OrderApi, sessions, 900, 700);
      connect(LAMBDA_INTERFACES.OrderApi, dynamodb(random), 3_000, 4_000);
      if (random.next() < 0.3) connect(LAMBDA_INTERFACES.OrderApi, pricing, 1_200, 2_500);
    }
  }
  if (ofDay % 30 === 12) {
    connect(LAMBDA_INTERFACES.InvoiceExport, auditDb, 1_500, 60_000);
    for (let i = random.whole(1, 5); i > 0; i--)
      connect(LAMBDA_INTERFACES.InvoiceExport, s3(random), 90_000, 2_000);
  }
  if (random.next() < 0.12 * daylight) {
    connect(LAMBDA_INTERFACES.ThumbnailMaker, s3(random), 60_000, 400_000);
    if (random.next() < 0.5) connect(LAMBDA_INTERFACES.ThumbnailMaker, media, 20_000, 80_000);
  }
  if (ofDay % 60 === 3) connect(LAMBDA_INTERFACES.WeatherPoller, random.pick(weather), 1_100, 9_000);
  if (ofDay >= 60 && ofDay < 66) {
    const own =
      seconds < REPLACED_AT ? LAMBDA_INTERFACES.NightlyReport : LAMBDA_INTERFACES.NightlyReportLater;
    connect(own, ofDay === 60 ? secrets : auditDb, 2_000, 250_000);
  }
  if (ofDay % 10 === 9) {
    connect(LAMBDA_INTERFACES.PartnerSync, partner, 14_000, 6_000);
    connect(LAMBDA_INTERFACES.PartnerSync, secrets, 1_800, 5_000);
  }
  if (day === DAYS - 1) incidents(ofDay, connect, random);
  // An instance that is none of ours.
  if (ofDay % 2 === 0) connect(RESOURCES.bastion, at(RESOURCES.usersDb, 5432), 800, 900);
  return connections;
}

/** What goes wrong on the last day, by its minutes. */
function incidents(minute: number, connect: Connect, random: Random): void {
  // From 02:17 on RDSQueryLogger reads a third database.
  if (minute >= 137 && minute < 240 && minute % 10 === 7) {
    connect(LAMBDA_INTERFACES.RDSQueryLogger, payrollDb, 3_100, 740_000);
  }
  // Something in OrderApi calls home every five minutes, with a jitter of 5 %, from half past midnight on.
  if (minute >= 30 && minute % 5 === 2) connect(LAMBDA_INTERFACES.OrderApi, callsHome, 620, 540, 30);
  // From 13:05 to 13:25 InvoiceExport uploads a hundred times what it usually does in an hour.
  if (minute >= 785 && minute < 805) connect(LAMBDA_INTERFACES.InvoiceExport, s3(random), 2_700_000, 4_000);
  // From 20:40 on WeatherPoller tries 150 neighbours on the ports of databases.
  if (minute >= 1240 && minute < 1255) {
    for (let i = 0; i < 10; i++) {
      const host = (minute - 1240) * 10 + i + 1;
      connect(
        LAMBDA_INTERFACES.WeatherPoller,
        { address: `10.0.30.${host}`, port: host % 2 ? 5432 : 3306 },
        60,
        0,
      );
    }
  }
}
