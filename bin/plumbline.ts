import { App } from "aws-cdk-lib";
import { configFromContext, parseProps } from "../lib/config";
import { GlobalEventsStack } from "../lib/global-events";
import { PlumblineStack } from "../lib/stack";

const app = new App();
new PlumblineStack(app, "Plumbline");

const { globalEventsTo } = parseProps(configFromContext(app.node), "the context of the app");
if (globalEventsTo !== undefined) new GlobalEventsStack(app, "PlumblineGlobalEvents", { to: globalEventsTo });
