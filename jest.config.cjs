// The installed versions run on Node 20; what later ones need says nothing about a test.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** TypeScript is compiled by SWC without type checks (`npm run typecheck` does those), so that a test run starts at once. */
module.exports = {
  testEnvironment: "node",
  maxWorkers: "100%",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // No test waits; this is for a machine that is busy with other things.
  testTimeout: 180_000,
  // These come as ES modules only, which Jest does not load as they are.
  transformIgnorePatterns: [
    "/node_modules/(?!(hyparquet|hyparquet-compressors|hyparquet-writer|fzstd|hysnappy)/)",
  ],
  transform: {
    "^.+\\.[mc]?[tj]sx?$": [
      "@swc/jest",
      {
        jsc: { target: "es2023", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
};
