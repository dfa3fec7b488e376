#!/usr/bin/env node
// The command as npm installs it: its TypeScript is compiled as it starts, so there is nothing to build, and nothing that
// could be stale. All files at once: a start takes 0.3 s of CPU, and took 1.1 s with a compiler that looks at each file as it
// is loaded.
const Module = require("node:module");
const { buildSync } = require("esbuild");
const { dependencies } = require("../package.json");

// ES modules that `require` cannot load before Node 20.19.
const BUNDLED = ["hyparquet", "hyparquet-compressors"];
// What no command needs, or few do, and takes longer to load than all the rest: EC2's client alone half as long.
const RARE = /^@aws-(sdk\/client-|lambda-powertools\/)/;

const { outputFiles } = buildSync({
  absWorkingDir: __dirname,
  entryPoints: ["main.ts"],
  outfile: "plumbline.bundle.cjs",
  write: false,
  bundle: true,
  external: Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  sourcesContent: false,
  logLevel: "error",
});
process.setSourceMapsEnabled(true);
const [{ path, text }] = outputFiles;
const bundle = new Module(path, module);
bundle.filename = path;
bundle.paths = module.paths;
bundle.require = (name) => (RARE.test(name) ? lazily(name) : module.require(name));
bundle._compile(text, path);

/** What a package exports, looked up in it when it is asked for. */
function lazily(name) {
  return new Proxy({}, { get: (_, key) => module.require(name)[key] });
}

// A reader that has read enough (`plumbline ... | head`) is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});
bundle.exports.main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
