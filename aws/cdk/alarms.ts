import { type Alarm, ComparisonOperator, type Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import type { Names } from "./project";

type How = {
  /** 1 where not given. */
  threshold?: number;
  /** How many of the metric's periods in a row; 1 where not given. */
  periods?: number;
  /** Alarms below the threshold, and where nothing is measured, rather than from the threshold on. */
  below?: boolean;
};

/** Makes alarms of a metric, which tell when they begin and when they end: by default where the stage's alarms do. */
export function alarmsOf(scope: Construct, names: Names, topic?: ITopic) {
  const action = new SnsAction(
    topic ??
      Topic.fromTopicArn(
        scope,
        "AlarmTopic",
        StringParameter.valueForStringParameter(scope, names.parameter("alarm-topic")),
      ),
  );
  return (id: string, metric: Metric, alarmDescription: string, how: How = {}): Alarm => {
    const { threshold = 1, periods = 1, below = false } = how;
    const made = metric.createAlarm(scope, id, {
      alarmName: `${names.id}-${id}`,
      alarmDescription,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // No requests, no data.
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    made.addAlarmAction(action);
    made.addOkAction(action);
    return made;
  };
}
