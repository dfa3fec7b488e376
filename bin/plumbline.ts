import { App } from "aws-cdk-lib";
import { PlumblineStack } from "../lib/stack";

const app = new App();
new PlumblineStack(app, "Plumbline");
