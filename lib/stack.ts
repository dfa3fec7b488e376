import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { configFromContext } from "./config";
import { Plumbline } from "./plumbline";

/** A stack with nothing but Plumbline in it, set by the app's context. */
export class PlumblineStack extends Stack {
  readonly plumbline: Plumbline;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, { description: "Plumbline: watches Lambda functions for abuse", ...props });
    this.plumbline = new Plumbline(this, "Plumbline", configFromContext(this.node));
  }
}
