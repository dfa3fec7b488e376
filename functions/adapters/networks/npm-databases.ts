/**
 * The databases that come with `npm ci`: autonomous systems by RouteViews and DB-IP (CC BY 4.0), countries of
 * `geo-whois-asn-country` (CC0). The first is 63 MB of text: it is compiled once to 10 MB and kept in node_modules/.cache,
 * which no checkout and no package holds. Not for use in AWS, where there is no node_modules.
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { firstThatKnows, type Networks } from "../../core/attribution/network";
import { compileNetworks, networksIn } from "../../core/attribution/network-file";
import { mmdbNetworks } from "./mmdb";
import { NETWORK_FILES } from "./network-folder";

const folderOf = (packageName: string) => dirname(require.resolve(`${packageName}/package.json`));
const ASN = "@ip-location-db/asn";
const COUNTRY = "@ip-location-db/geo-whois-asn-country-mmdb";

const countryFile = () => join(folderOf(COUNTRY), "geo-whois-asn-country.mmdb");

/** What decides about the content of the databases. */
export const databaseVersions = (): string =>
  [ASN, COUNTRY].map((name) => `${name}@${versionOf(name)}`).join(" ");

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")).version;

/** Both databases; the first use compiles one of them, which takes a second or two. */
export function npmNetworks(): Networks {
  return firstThatKnows([asnDatabase().networks, mmdbNetworks(countryFile())]);
}

/** Writes the databases, and the owner's own one, into a folder as a deployment carries it. */
export function writeNetworkFolder(dir: string, ownDatabase: string | undefined): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, NETWORK_FILES.asn), asnDatabase().bytes);
  copyFileSync(countryFile(), join(dir, NETWORK_FILES.country));
  if (ownDatabase === undefined) return;
  mmdbNetworks(ownDatabase); // fails here rather than in AWS
  copyFileSync(ownDatabase, join(dir, NETWORK_FILES.own));
}

function asnDatabase(): { bytes: Uint8Array; networks: Networks } {
  const source = folderOf(ASN);
  const kept = join(source, "../../.cache/plumbline", `asn-${versionOf(ASN)}-1.bin`);
  try {
    const bytes = readFileSync(kept);
    return { bytes, networks: networksIn(bytes) };
  } catch {
    // Not there yet, or damaged: it is made anew.
  }
  const read = (name: string) => readFileSync(join(source, name), "utf8");
  const bytes = compileNetworks(read("asn-ipv4-num.csv"), read("asn-ipv6-num.csv"));
  try {
    mkdirSync(dirname(kept), { recursive: true });
    // Two processes may do this at once: each writes its own file, and the last name wins.
    writeFileSync(`${kept}.${process.pid}`, bytes);
    renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    // A folder that cannot be written costs the second again, no more.
  }
  return { bytes, networks: networksIn(bytes) };
}
