import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import type { VpcOrigin, VpcOriginWithEndpointProps } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { words } from "../../../tables/current";
import { acknowledge } from "../nag";
import { viewerFilter } from "./viewer-filter";

// More than the 30 s that the application gives a prediction.
const ORIGIN_TIMEOUT = Duration.seconds(35);

type WebDistributionOptions = {
  /** What answers, in a subnet that only CloudFront reaches, on port 80. */
  origin: (options: VpcOriginWithEndpointProps) => VpcOrigin;
  /** Who gets to the page where people sign in; everybody where not given. */
  allowedIps?: readonly string[];
  destroyData: boolean;
};

/** CloudFront before the web application: TLS, the scripts of earlier releases, a log of who asks. */
export function webDistribution(scope: Construct, options: WebDistributionOptions): Distribution {
  const { allowedIps, destroyData } = options;
  const accessLog = new Bucket(scope, "AccessLog", {
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // CloudFront's log delivery grants itself access by an ACL.
    objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
    lifecycleRules: [{ expiration: Duration.days(90) }],
    removalPolicy: destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    autoDeleteObjects: destroyData,
  });
  acknowledge(accessLog, {
    S1: "It is the access log itself; logging it into itself would never end.",
  });
  const behavior: BehaviorOptions = {
    origin: options.origin({
      protocolPolicy: OriginProtocolPolicy.HTTP_ONLY,
      httpPort: 80,
      readTimeout: ORIGIN_TIMEOUT,
    }),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    // With the viewer's Host header, which the application checks.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
    functionAssociations: [
      {
        eventType: FunctionEventType.VIEWER_REQUEST,
        function: new CloudFrontFunction(scope, "ViewerFilter", {
          code: FunctionCode.fromInline(viewerFilter(allowedIps)),
          runtime: FunctionRuntime.JS_2_0,
          comment: "Says where a request is from, and which addresses get to the page where people sign in",
        }),
      },
    ],
  };
  const distribution = new Distribution(scope, "Distribution", {
    comment: words.app.name,
    defaultBehavior: {
      ...behavior,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
    },
    additionalBehaviors: {
      // A page that an earlier release made asks for that release's scripts, which never change.
      "/_next/static/*": { ...behavior, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
    },
    // The filter knows IPv4 only.
    enableIpv6: false,
    httpVersion: HttpVersion.HTTP2_AND_3,
    enableLogging: true,
    logBucket: accessLog,
  });
  acknowledge(distribution, {
    CFR1: "People sign in, wherever they are; a country would say less.",
    CFR2: "The application counts what each asker asks and refuses the rest; who may not ask at all, the setting of addresses says.",
    CFR4: "CloudFront's own certificate comes with this setting; a newer one wants a domain, which is not ours to assume.",
  });
  return distribution;
}
