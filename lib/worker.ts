import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import * as logs from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { ENVIRONMENT } from "../functions/adapters/aws/environment";
import type { AlertTopic } from "./alert-topic";

export interface WorkerProps {
  /** File in functions/ without its ending. */
  readonly entry: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly environment: Partial<Record<keyof typeof ENVIRONMENT, string>>;
  readonly logRetentionDays: number;
  readonly alerts: AlertTopic;
  readonly layers?: lambda.ILayerVersion[];
}

const ROOT = join(__dirname, "..");

/**
 * One Lambda function: bundled with its SDK, on arm64, with a role that holds what is allowed here and no managed
 * policy, a log group with an end, and an alarm on its errors.
 */
export class Worker extends Construct {
  readonly function: NodejsFunction;
  private readonly description: string;
  private readonly alerts: AlertTopic;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    this.description = props.description;
    this.alerts = props.alerts;
    const logGroup = new logs.LogGroup(this, "Logs", {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, "Role", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
      description: `Plumbline: ${props.description}`,
    });
    this.function = new NodejsFunction(this, "Function", {
      description: `Plumbline: ${props.description}`,
      entry: join(ROOT, "functions", `${props.entry}.ts`),
      projectRoot: ROOT,
      depsLockFilePath: join(ROOT, "package-lock.json"),
      handler: "handler",
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memorySize,
      role,
      logGroup,
      ...(props.layers && { layers: props.layers }),
      loggingFormat: lambda.LoggingFormat.JSON,
      environment: {
        ...Object.fromEntries(
          Object.entries(props.environment).map(([name, value]) => [
            ENVIRONMENT[name as keyof typeof ENVIRONMENT],
            value,
          ]),
        ),
        NODE_OPTIONS: "--enable-source-maps",
      },
      bundling: {
        format: OutputFormat.CJS,
        target: "node24",
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        // The SDK that was tested is the one that runs. Its ESM files (module before main) make a smaller bundle.
        bundleAwsSDK: true,
        externalModules: [],
        mainFields: ["module", "main"],
      },
    });
    logGroup.grantWrite(this.function);
    this.alerts.alarm(
      this.function.metricErrors({ period: Duration.minutes(5) }).createAlarm(this, "ErrorsAlarm", {
        alarmDescription: `Plumbline's function failed: ${props.description}. Its log says why.`,
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    );
  }

  /**
   * Runs it on a schedule, which it has to be able to make up for by itself: a run that failed is not repeated, because the
   * next one does what it could not. The rule is made beside the worker.
   */
  runEvery(id: string, interval: Duration, what: string): void {
    this.function.configureAsyncInvoke({ retryAttempts: 0 });
    new events.Rule(this.node.scope as Construct, id, {
      description: `Plumbline: ${what}`,
      schedule: events.Schedule.rate(interval),
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 0 })],
    });
    this.alarmIfSilent(interval);
  }

  /**
   * An alarm if what should run every `interval` did not run at all in four of them, or in an hour if that is longer. It is
   * on from the deployment until the first run, too, before anybody has confirmed a subscription.
   */
  alarmIfSilent(interval: Duration): void {
    this.alerts.alarm(
      this.function.metricInvocations({ period: Duration.hours(1) }).createAlarm(this, "SilentAlarm", {
        alarmDescription: `Plumbline's function does not run: ${this.description}. Is its schedule disabled, or its concurrency taken away?`,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: Math.max(1, Math.ceil((4 * interval.toMinutes()) / 60)),
        treatMissingData: TreatMissingData.BREACHING,
      }),
    );
  }

  /** Allows actions on resources, under conditions, and nothing else. */
  allow(actions: string[], resources: string[], conditions: Record<string, object> = {}): void {
    this.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources, conditions }));
  }
}
