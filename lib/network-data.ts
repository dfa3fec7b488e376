import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { databaseVersions, writeNetworkFolder } from "../functions/adapters/networks/npm-databases";

/**
 * The databases that name networks, as a layer: 18 MB that change less often than the code. They are written when the
 * stack is bundled, by this process: no Docker, no shell, and no work where a test switches bundling off.
 */
export class NetworkData extends Construct {
  readonly layer: lambda.LayerVersion;
  /** Where a function finds them. */
  readonly folder = "/opt/networks";

  constructor(scope: Construct, id: string, ownDatabase: string | undefined) {
    super(scope, id);
    this.layer = new lambda.LayerVersion(this, "Layer", {
      description: "Plumbline: names of networks and countries (RouteViews and DB-IP, CC BY 4.0; CC0)",
      // Any small folder would do: the content is written below.
      code: lambda.Code.fromAsset(__dirname, {
        assetHashType: AssetHashType.CUSTOM,
        assetHash: contentHash(ownDatabase),
        bundling: {
          image: DockerImage.fromRegistry("not-used"),
          local: {
            tryBundle(outputDir) {
              writeNetworkFolder(join(outputDir, "networks"), ownDatabase);
              return true;
            },
          },
        },
      }),
    });
  }
}

/** Other databases are another layer; `2` counts changes of how they are written. */
function contentHash(ownDatabase: string | undefined): string {
  const hash = createHash("sha256").update(`2 ${databaseVersions()}`);
  if (ownDatabase !== undefined) hash.update(readOwn(ownDatabase));
  return hash.digest("hex");
}

function readOwn(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Error(
      `The networkDatabase ${file} cannot be read: ${(cause as Error).message}. Give the path of an .mmdb file on this machine`,
      { cause },
    );
  }
}
