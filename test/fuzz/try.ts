import { PARSERS } from "./parsers"; import { HANDLERS } from "./handlers"; import { COMMAND } from "./command";
(async () => {
  for (const t of [...COMMAND, ...HANDLERS, ...PARSERS]) {
    if (process.argv[4] && !t.name.includes(process.argv[4])) continue;
    const o = await t.check(Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 500));
    console.log(t.name, o.runs, "slowest", o.slowest.toFixed(1), "total", o.total.toFixed(0), o.failure ? `FAIL ${o.failure.slice(0, 1500)}` : "ok");
  }
})();
