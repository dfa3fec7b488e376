/** The architecture as a test: who may import whom, and what `core` may not know. */
import { readdirSync, readFileSync } from "node:fs";
import { join, normalize, relative } from "node:path";

const ROOT = join(__dirname, "../..");
const ROOMS = ["bin", "lib", "functions", "cli", "console", "samples"];

const files = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ts$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => join(room, name)),
);

const source = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** What a file imports: packages by name, files by their path in the repository. */
function importsOf(file: string): string[] {
  const specifiers = [...source(file).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    (match) => match[1] as string,
  );
  return specifiers.map((specifier) =>
    specifier.startsWith(".") ? relative(ROOT, normalize(join(ROOT, file, "..", specifier))) : specifier,
  );
}

const isIn = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const isEntry = (path: string) => /^functions\/[^/]+$/.test(path);
const own = (path: string) => ROOMS.some((room) => path.startsWith(`${room}/`));

const RULES: [string, (file: string) => boolean, (imported: string) => boolean][] = [
  [
    "core imports only itself and pure libraries",
    isIn("functions/core"),
    (i) => isIn("functions/core")(i) || ["zod", "@noble/hashes/sha2", "@noble/hashes/utils"].includes(i),
  ],
  [
    "adapters import core and themselves",
    isIn("functions/adapters"),
    (i) => !own(i) || isIn("functions/core")(i) || isIn("functions/adapters")(i),
  ],
  [
    "a Lambda entry imports adapters and core, and no other entry",
    isEntry,
    (i) => !own(i) || isIn("functions/core")(i) || isIn("functions/adapters")(i),
  ],
  [
    "lib takes names and schemas from functions, and runs none of it",
    isIn("lib"),
    (i) =>
      !own(i) ||
      isIn("lib")(i) ||
      [
        "functions/core/config",
        "functions/core/containment/containment",
        "functions/core/containment/policy",
        "functions/core/severity",
        "functions/core/telemetry/global-services",
        "functions/core/telemetry/watched-changes",
        "functions/adapters/dynamodb/schema",
        "functions/adapters/aws/environment",
        "functions/adapters/aws/own-metrics",
        "functions/adapters/aws/s3-location",
        // Made at synthesis, on the machine that deploys.
        "functions/adapters/networks/npm-databases",
      ].includes(i),
  ],
  ["bin imports lib", isIn("bin"), (i) => !own(i) || isIn("lib")(i)],
  [
    "the command does not deploy",
    isIn("cli"),
    (i) => !isIn("lib")(i) && !isIn("bin")(i) && !i.startsWith("aws-cdk-lib"),
  ],
  ["the console knows core only", isIn("console"), isIn("functions/core")],
];

test.each(RULES)("%s", (_, concerns, allows) => {
  const concerned = files.filter(concerns);
  expect(concerned.length).toBeGreaterThan(0);
  const broken = concerned.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !allows(imported))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(broken).toEqual([]);
});

test.each([
  ["the clock", /Date\.now|new Date\(\)|performance\.|setTimeout|setInterval/],
  ["chance", /Math\.random|randomUUID|getRandomValues/],
  ["the environment", /process\.|globalThis/],
  ["input or output", /console\.\w+\(|fetch\(|require\(/],
])("core does not know %s", (_, pattern) => {
  const guilty = files.filter(isIn("functions/core")).filter((file) => pattern.test(source(file)));
  expect(guilty).toEqual([]);
});

test("nobody has a default export", () => {
  expect(files.filter((file) => /^export default/m.test(source(file)))).toEqual([]);
});
