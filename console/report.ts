/** The findings and the coverage of a replay as one HTML page that needs nothing else, to keep or to send. */
import { containmentText } from "../functions/core/containment/containment";
import type { Finding } from "../functions/core/finding";
import { plural } from "../functions/core/text";

export interface Report {
  /** What was replayed. */
  readonly source: string;
  readonly findings: readonly Finding[];
  /** Sentences about how much was seen, and about what was not. */
  readonly seen: readonly string[];
  readonly notes: readonly string[];
  readonly unreadable: readonly { readonly ref: string; readonly reason: string }[];
}

/** Escapes for text and for quoted attributes: everything in a report may come from an attacker. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --dim: #888; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  article { border: 1px solid var(--line); border-radius: .5rem; padding: .2rem 1rem; margin: 1rem 0; }
  code, .dim { color: var(--dim); font-size: .85em; overflow-wrap: anywhere; }
  .low { color: #777; } .medium { color: #a60; } .high, .critical { color: #c22; } .critical { font-weight: 700; }
`;

export function htmlReport({ source, findings, seen, notes, unreadable }: Report): string {
  const count = findings.length === 0 ? "No findings" : plural(findings.length, "finding");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Plumbline: ${count}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Plumbline</h1>
<p>${count} in ${escapeHtml(source)}.</p>
${findings.map(article).join("\n")}
<h2>Coverage</h2>
${seen.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join("\n")}
${list(notes.map(escapeHtml))}
${unreadable.length === 0 ? "" : "<h2>Not readable</h2>"}
${list(unreadable.map(({ ref, reason }) => `<code>${escapeHtml(ref)}</code>: ${escapeHtml(reason)}`))}
<p class="dim">Names of networks: <a href="https://db-ip.com">IP Geolocation by DB-IP</a>, <a href="https://www.routeviews.org">RouteViews</a> (CC BY 4.0).</p>
</body>
</html>
`;
}

const list = (items: readonly string[]) =>
  items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${item}</li>`).join("\n")}</ul>`;

function article(finding: Finding): string {
  const text = escapeHtml;
  const { baseline } = finding;
  return `<article id="${text(finding.id)}">
<h3><span class="${finding.severity}">${finding.severity} ${finding.score}</span> ${text(finding.title)}</h3>
<p>${text(finding.explanation)}</p>
${finding.containment ? `<p>Containment: ${text(containmentText(finding.containment))}</p>` : ""}
<table>
<tr><th>Type</th><td>${text(finding.type)} ${finding.mitre.map(text).join(" ")}</td></tr>
<tr><th>Function</th><td>${text(finding.functionArn ?? finding.candidates.map((one) => one.functionName).join(", "))} (${finding.attribution})</td></tr>
<tr><th>Seen</th><td>${text(finding.firstSeen)} to ${text(finding.lastSeen)}, seen ${plural(finding.count, "time")}</td></tr>
<tr><th>Numbers</th><td>expected ${baseline.expected}, observed ${baseline.observed}, ${plural(baseline.days, "day")} of history</td></tr>
<tr><th>Evidence</th><td>${finding.evidence.map(({ ref, line }) => `<code>${text(ref)}${line === undefined ? "" : ` line ${line}`}</code>`).join("<br>")}</td></tr>
</table>
</article>`;
}
