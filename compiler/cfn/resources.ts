/**
 * The resource types in use: their properties from cloudform, what cloudform (2023) lacks, and their attributes.
 * Attributes are the return values of `Fn::GetAtt` in each type's page of the CloudFormation template reference.
 */
import type { AnalyzerProperties } from "cloudform-types/types/accessAnalyzer/analyzer.js";
import type { ScalableTargetProperties } from "cloudform-types/types/applicationAutoScaling/scalableTarget.js";
import type { ScalingPolicyProperties } from "cloudform-types/types/applicationAutoScaling/scalingPolicy.js";
import type { AutoScalingGroupProperties } from "cloudform-types/types/autoScaling/autoScalingGroup.js";
import type { BudgetProperties } from "cloudform-types/types/budgets/budget.js";
import type { CertificateProperties } from "cloudform-types/types/certificateManager/certificate.js";
import type { SlackChannelConfigurationProperties } from "cloudform-types/types/chatbot/slackChannelConfiguration.js";
import type { DistributionProperties } from "cloudform-types/types/cloudFront/distribution.js";
import type { FunctionProperties } from "cloudform-types/types/cloudFront/function.js";
import type { OriginAccessControlProperties } from "cloudform-types/types/cloudFront/originAccessControl.js";
import type { ResponseHeadersPolicyProperties } from "cloudform-types/types/cloudFront/responseHeadersPolicy.js";
import type { TrailProperties } from "cloudform-types/types/cloudTrail/trail.js";
import type { AlarmProperties } from "cloudform-types/types/cloudWatch/alarm.js";
import type { CompositeAlarmProperties } from "cloudform-types/types/cloudWatch/compositeAlarm.js";
import type { DashboardProperties } from "cloudform-types/types/cloudWatch/dashboard.js";
import type { ApplicationProperties } from "cloudform-types/types/codeDeploy/application.js";
import type { DeploymentConfigProperties } from "cloudform-types/types/codeDeploy/deploymentConfig.js";
import type { DeploymentGroupProperties } from "cloudform-types/types/codeDeploy/deploymentGroup.js";
import type { AggregationAuthorizationProperties } from "cloudform-types/types/config/aggregationAuthorization.js";
import type { ConfigRuleProperties } from "cloudform-types/types/config/configRule.js";
import type { ConfigurationAggregatorProperties } from "cloudform-types/types/config/configurationAggregator.js";
import type { ConfigurationRecorderProperties } from "cloudform-types/types/config/configurationRecorder.js";
import type { DeliveryChannelProperties } from "cloudform-types/types/config/deliveryChannel.js";
import type { List, Value } from "cloudform-types/types/dataTypes.js";
import type { EIPProperties } from "cloudform-types/types/ec2/eip.js";
import type { FlowLogProperties } from "cloudform-types/types/ec2/flowLog.js";
import type { InternetGatewayProperties } from "cloudform-types/types/ec2/internetGateway.js";
import type { LaunchTemplateProperties } from "cloudform-types/types/ec2/launchTemplate.js";
import type { NatGatewayProperties } from "cloudform-types/types/ec2/natGateway.js";
import type { RouteProperties } from "cloudform-types/types/ec2/route.js";
import type { RouteTableProperties } from "cloudform-types/types/ec2/routeTable.js";
import type { SecurityGroupProperties } from "cloudform-types/types/ec2/securityGroup.js";
import type { SecurityGroupEgressProperties } from "cloudform-types/types/ec2/securityGroupEgress.js";
import type { SecurityGroupIngressProperties } from "cloudform-types/types/ec2/securityGroupIngress.js";
import type { SubnetProperties } from "cloudform-types/types/ec2/subnet.js";
import type { SubnetRouteTableAssociationProperties } from "cloudform-types/types/ec2/subnetRouteTableAssociation.js";
import type { TransitGatewayProperties } from "cloudform-types/types/ec2/transitGateway.js";
import type { TransitGatewayAttachmentProperties } from "cloudform-types/types/ec2/transitGatewayAttachment.js";
import type { TransitGatewayRouteProperties } from "cloudform-types/types/ec2/transitGatewayRoute.js";
import type { TransitGatewayRouteTableProperties } from "cloudform-types/types/ec2/transitGatewayRouteTable.js";
import type { TransitGatewayRouteTableAssociationProperties } from "cloudform-types/types/ec2/transitGatewayRouteTableAssociation.js";
import type { VPCProperties } from "cloudform-types/types/ec2/vpc.js";
import type { VPCEndpointProperties } from "cloudform-types/types/ec2/vpcEndpoint.js";
import type { VPCGatewayAttachmentProperties } from "cloudform-types/types/ec2/vpcGatewayAttachment.js";
import type { RepositoryProperties } from "cloudform-types/types/ecr/repository.js";
import type { CapacityProviderProperties } from "cloudform-types/types/ecs/capacityProvider.js";
import type { ClusterProperties } from "cloudform-types/types/ecs/cluster.js";
import type { ClusterCapacityProviderAssociationsProperties } from "cloudform-types/types/ecs/clusterCapacityProviderAssociations.js";
import type { TaskDefinitionProperties } from "cloudform-types/types/ecs/taskDefinition.js";
import type { CacheClusterProperties } from "cloudform-types/types/elastiCache/cacheCluster.js";
import type { ReplicationGroupProperties } from "cloudform-types/types/elastiCache/replicationGroup.js";
import type { SubnetGroupProperties } from "cloudform-types/types/elastiCache/subnetGroup.js";
import type { ListenerProperties } from "cloudform-types/types/elasticLoadBalancingV2/listener.js";
import type { ListenerRuleProperties } from "cloudform-types/types/elasticLoadBalancingV2/listenerRule.js";
import type { LoadBalancerProperties } from "cloudform-types/types/elasticLoadBalancingV2/loadBalancer.js";
import type { TargetGroupProperties } from "cloudform-types/types/elasticLoadBalancingV2/targetGroup.js";
import type { RuleProperties } from "cloudform-types/types/events/rule.js";
import type { DetectorProperties } from "cloudform-types/types/guardDuty/detector.js";
import type { MasterProperties } from "cloudform-types/types/guardDuty/master.js";
import type { MemberProperties } from "cloudform-types/types/guardDuty/member.js";
import type { GroupProperties } from "cloudform-types/types/iam/group.js";
import type { InstanceProfileProperties } from "cloudform-types/types/iam/instanceProfile.js";
import type { ManagedPolicyProperties } from "cloudform-types/types/iam/managedPolicy.js";
import type { OIDCProviderProperties } from "cloudform-types/types/iam/oidcProvider.js";
import type { RoleProperties } from "cloudform-types/types/iam/role.js";
import type { RolePolicyProperties } from "cloudform-types/types/iam/rolePolicy.js";
import type { UserProperties } from "cloudform-types/types/iam/user.js";
import type { AliasProperties } from "cloudform-types/types/kms/alias.js";
import type { KeyProperties } from "cloudform-types/types/kms/key.js";
import type { AliasProperties as LambdaAliasProperties } from "cloudform-types/types/lambda/alias.js";
import type { EventInvokeConfigProperties } from "cloudform-types/types/lambda/eventInvokeConfig.js";
import type { EventSourceMappingProperties } from "cloudform-types/types/lambda/eventSourceMapping.js";
import type { PermissionProperties } from "cloudform-types/types/lambda/permission.js";
import type { VersionProperties } from "cloudform-types/types/lambda/version.js";
import type { AccountPolicyProperties } from "cloudform-types/types/logs/accountPolicy.js";
import type { LogGroupProperties } from "cloudform-types/types/logs/logGroup.js";
import type { MetricFilterProperties } from "cloudform-types/types/logs/metricFilter.js";
import type { QueryDefinitionProperties } from "cloudform-types/types/logs/queryDefinition.js";
import type { LinkProperties } from "cloudform-types/types/oam/link.js";
import type { SinkProperties } from "cloudform-types/types/oam/sink.js";
import type { PolicyProperties as OrganizationPolicyProperties } from "cloudform-types/types/organizations/policy.js";
import type { ResourceShareProperties } from "cloudform-types/types/ram/resourceShare.js";
import type { DBInstanceProperties } from "cloudform-types/types/rds/dbInstance.js";
import type { DBParameterGroupProperties } from "cloudform-types/types/rds/dbParameterGroup.js";
import type { DBSubnetGroupProperties } from "cloudform-types/types/rds/dbSubnetGroup.js";
import type { ResourceTag } from "cloudform-types/types/resource.js";
import type { HostedZoneProperties } from "cloudform-types/types/route53/hostedZone.js";
import type { RecordSetProperties } from "cloudform-types/types/route53/recordSet.js";
import type { BucketProperties } from "cloudform-types/types/s3/bucket.js";
import type { BucketPolicyProperties } from "cloudform-types/types/s3/bucketPolicy.js";
import type { ScheduleProperties } from "cloudform-types/types/scheduler/schedule.js";
import type { ResourcePolicyProperties } from "cloudform-types/types/secretsManager/resourcePolicy.js";
import type { SecretProperties } from "cloudform-types/types/secretsManager/secret.js";
import type { HubProperties } from "cloudform-types/types/securityHub/hub.js";
import type { StandardProperties } from "cloudform-types/types/securityHub/standard.js";
import type { SubscriptionProperties } from "cloudform-types/types/sns/subscription.js";
import type { TopicProperties } from "cloudform-types/types/sns/topic.js";
import type { TopicPolicyProperties } from "cloudform-types/types/sns/topicPolicy.js";
import type { QueueProperties } from "cloudform-types/types/sqs/queue.js";
import type { QueuePolicyProperties } from "cloudform-types/types/sqs/queuePolicy.js";
import type { AssociationProperties } from "cloudform-types/types/ssm/association.js";
import type { DocumentProperties } from "cloudform-types/types/ssm/document.js";
import type { MaintenanceWindowProperties } from "cloudform-types/types/ssm/maintenanceWindow.js";
import type { MaintenanceWindowTargetProperties } from "cloudform-types/types/ssm/maintenanceWindowTarget.js";
import type { MaintenanceWindowTaskProperties } from "cloudform-types/types/ssm/maintenanceWindowTask.js";
import type { ParameterProperties } from "cloudform-types/types/ssm/parameter.js";
import type { PatchBaselineProperties } from "cloudform-types/types/ssm/patchBaseline.js";
import type { LoggingConfigurationProperties } from "cloudform-types/types/waFv2/loggingConfiguration.js";
import type { WebACLProperties } from "cloudform-types/types/waFv2/webAcl.js";
import type { WebACLAssociationProperties } from "cloudform-types/types/waFv2/webAclAssociation.js";
import type { InstanceMaintenancePolicy } from "./auto-scaling.ts";
import type { ServiceProperties } from "./ecs-service.ts";
import type { LambdaFunctionProperties } from "./lambda-function.ts";
import type {
  DeliveryDestinationProperties,
  DeliveryProperties,
  DeliverySourceProperties,
} from "./log-delivery.ts";
import type {
  ServiceSettingProperties,
  SnapshotBlockPublicAccessProperties,
  VpcBlockPublicAccessExclusionProperties,
  VpcBlockPublicAccessOptionsProperties,
} from "./public-access.ts";
import type { ServerlessCacheProperties } from "./serverless-cache.ts";

interface Type<Properties extends object, Attributes extends string = never> {
  properties: Properties;
  attributes: Attributes;
}

/** Every resource type a component may use. A new one is one line here. */
export interface ResourceTypes {
  "AWS::AccessAnalyzer::Analyzer": Type<AnalyzerProperties, "Arn">;
  "AWS::ApplicationAutoScaling::ScalableTarget": Type<ScalableTargetProperties>;
  "AWS::ApplicationAutoScaling::ScalingPolicy": Type<ScalingPolicyProperties>;
  "AWS::AutoScaling::AutoScalingGroup": Type<
    AutoScalingGroupProperties & { InstanceMaintenancePolicy?: InstanceMaintenancePolicy },
    "AutoScalingGroupARN"
  >;
  "AWS::Budgets::Budget": Type<BudgetProperties>;
  "AWS::CertificateManager::Certificate": Type<CertificateProperties>;
  "AWS::Chatbot::SlackChannelConfiguration": Type<SlackChannelConfigurationProperties, "Arn">;
  "AWS::CloudFront::Distribution": Type<DistributionProperties, "DomainName" | "Id">;
  "AWS::CloudFront::Function": Type<FunctionProperties, "FunctionARN">;
  "AWS::CloudFront::OriginAccessControl": Type<OriginAccessControlProperties, "Id">;
  "AWS::CloudFront::ResponseHeadersPolicy": Type<ResponseHeadersPolicyProperties, "Id">;
  "AWS::CloudTrail::Trail": Type<TrailProperties, "Arn">;
  "AWS::CloudWatch::Alarm": Type<AlarmProperties, "Arn">;
  "AWS::CloudWatch::CompositeAlarm": Type<CompositeAlarmProperties, "Arn">;
  "AWS::CloudWatch::Dashboard": Type<DashboardProperties>;
  "AWS::CodeDeploy::Application": Type<ApplicationProperties>;
  "AWS::CodeDeploy::DeploymentConfig": Type<DeploymentConfigProperties>;
  "AWS::CodeDeploy::DeploymentGroup": Type<DeploymentGroupProperties>;
  "AWS::Config::AggregationAuthorization": Type<AggregationAuthorizationProperties>;
  "AWS::Config::ConfigRule": Type<ConfigRuleProperties, "Arn">;
  "AWS::Config::ConfigurationAggregator": Type<ConfigurationAggregatorProperties>;
  "AWS::Config::ConfigurationRecorder": Type<
    ConfigurationRecorderProperties & { RecordingMode?: { RecordingFrequency: Value<string> } }
  >;
  "AWS::Config::DeliveryChannel": Type<DeliveryChannelProperties>;
  "AWS::EC2::EIP": Type<EIPProperties, "AllocationId" | "PublicIp">;
  "AWS::EC2::FlowLog": Type<FlowLogProperties, "Id">;
  "AWS::EC2::InternetGateway": Type<InternetGatewayProperties, "InternetGatewayId">;
  "AWS::EC2::LaunchTemplate": Type<
    LaunchTemplateProperties,
    "DefaultVersionNumber" | "LatestVersionNumber" | "LaunchTemplateId"
  >;
  "AWS::EC2::NatGateway": Type<NatGatewayProperties, "NatGatewayId">;
  "AWS::EC2::Route": Type<RouteProperties>;
  "AWS::EC2::RouteTable": Type<RouteTableProperties, "RouteTableId">;
  "AWS::EC2::SecurityGroup": Type<SecurityGroupProperties, "GroupId" | "VpcId">;
  "AWS::EC2::SecurityGroupEgress": Type<SecurityGroupEgressProperties>;
  "AWS::EC2::SecurityGroupIngress": Type<SecurityGroupIngressProperties>;
  "AWS::EC2::SnapshotBlockPublicAccess": Type<SnapshotBlockPublicAccessProperties, "AccountId">;
  "AWS::EC2::Subnet": Type<SubnetProperties, "AvailabilityZone" | "SubnetId">;
  "AWS::EC2::SubnetRouteTableAssociation": Type<SubnetRouteTableAssociationProperties>;
  "AWS::EC2::TransitGateway": Type<TransitGatewayProperties, "Id" | "TransitGatewayArn">;
  "AWS::EC2::TransitGatewayAttachment": Type<TransitGatewayAttachmentProperties, "Id">;
  "AWS::EC2::TransitGatewayRoute": Type<TransitGatewayRouteProperties>;
  "AWS::EC2::TransitGatewayRouteTable": Type<
    TransitGatewayRouteTableProperties,
    "TransitGatewayRouteTableId"
  >;
  "AWS::EC2::TransitGatewayRouteTableAssociation": Type<TransitGatewayRouteTableAssociationProperties>;
  "AWS::EC2::VPC": Type<VPCProperties, "CidrBlock" | "DefaultSecurityGroup" | "VpcId">;
  "AWS::EC2::VPCBlockPublicAccessExclusion": Type<VpcBlockPublicAccessExclusionProperties, "ExclusionId">;
  "AWS::EC2::VPCBlockPublicAccessOptions": Type<VpcBlockPublicAccessOptionsProperties, "AccountId">;
  "AWS::EC2::VPCEndpoint": Type<VPCEndpointProperties & { Tags?: List<ResourceTag> }, "Id">;
  "AWS::EC2::VPCGatewayAttachment": Type<VPCGatewayAttachmentProperties>;
  "AWS::ECR::Repository": Type<RepositoryProperties, "Arn" | "RepositoryUri">;
  "AWS::ECS::Service": Type<ServiceProperties, "Name" | "ServiceArn">;
  "AWS::ECS::TaskDefinition": Type<TaskDefinitionProperties>;
  "AWS::ECS::CapacityProvider": Type<
    CapacityProviderProperties & { AutoScalingGroupProvider: { ManagedDraining?: Value<string> } }
  >;
  "AWS::ECS::Cluster": Type<ClusterProperties, "Arn">;
  "AWS::ECS::ClusterCapacityProviderAssociations": Type<ClusterCapacityProviderAssociationsProperties>;
  "AWS::ElastiCache::CacheCluster": Type<
    CacheClusterProperties,
    "ConfigurationEndpoint.Address" | "ConfigurationEndpoint.Port"
  >;
  "AWS::ElastiCache::ReplicationGroup": Type<
    ReplicationGroupProperties,
    "PrimaryEndPoint.Address" | "PrimaryEndPoint.Port"
  >;
  "AWS::ElastiCache::ServerlessCache": Type<
    ServerlessCacheProperties,
    "ARN" | "Endpoint.Address" | "Endpoint.Port"
  >;
  "AWS::ElastiCache::SubnetGroup": Type<SubnetGroupProperties>;
  "AWS::ElasticLoadBalancingV2::Listener": Type<ListenerProperties, "ListenerArn">;
  "AWS::ElasticLoadBalancingV2::ListenerRule": Type<ListenerRuleProperties, "RuleArn">;
  "AWS::ElasticLoadBalancingV2::LoadBalancer": Type<
    LoadBalancerProperties,
    "CanonicalHostedZoneID" | "DNSName" | "LoadBalancerFullName"
  >;
  "AWS::ElasticLoadBalancingV2::TargetGroup": Type<
    TargetGroupProperties,
    "TargetGroupArn" | "TargetGroupFullName"
  >;
  "AWS::GuardDuty::Detector": Type<DetectorProperties, "Id">;
  "AWS::GuardDuty::Master": Type<MasterProperties>;
  "AWS::GuardDuty::Member": Type<MemberProperties>;
  "AWS::IAM::Group": Type<GroupProperties, "Arn">;
  "AWS::IAM::InstanceProfile": Type<InstanceProfileProperties, "Arn">;
  "AWS::Events::Rule": Type<RuleProperties, "Arn">;
  "AWS::IAM::ManagedPolicy": Type<ManagedPolicyProperties>;
  "AWS::IAM::OIDCProvider": Type<Partial<OIDCProviderProperties>, "Arn">;
  "AWS::IAM::Role": Type<RoleProperties, "Arn" | "RoleId">;
  "AWS::IAM::RolePolicy": Type<RolePolicyProperties>;
  "AWS::IAM::User": Type<UserProperties, "Arn">;
  "AWS::KMS::Alias": Type<AliasProperties>;
  "AWS::KMS::Key": Type<KeyProperties & { RotationPeriodInDays?: Value<number> }, "Arn" | "KeyId">;
  "AWS::Lambda::Alias": Type<LambdaAliasProperties>;
  "AWS::Lambda::EventInvokeConfig": Type<EventInvokeConfigProperties>;
  "AWS::Lambda::EventSourceMapping": Type<EventSourceMappingProperties, "Id">;
  "AWS::Lambda::Function": Type<LambdaFunctionProperties, "Arn">;
  "AWS::Lambda::Permission": Type<PermissionProperties>;
  "AWS::Lambda::Version": Type<VersionProperties, "Version">;
  "AWS::Logs::AccountPolicy": Type<AccountPolicyProperties, "AccountId">;
  "AWS::Logs::Delivery": Type<DeliveryProperties, "DeliveryId">;
  "AWS::Logs::DeliveryDestination": Type<DeliveryDestinationProperties, "Arn">;
  "AWS::Logs::DeliverySource": Type<DeliverySourceProperties, "Arn">;
  "AWS::Logs::MetricFilter": Type<MetricFilterProperties>;
  "AWS::Logs::LogGroup": Type<LogGroupProperties, "Arn">;
  "AWS::Organizations::Policy": Type<OrganizationPolicyProperties, "Arn" | "Id">;
  "AWS::Logs::QueryDefinition": Type<QueryDefinitionProperties>;
  "AWS::Oam::Link": Type<LinkProperties>;
  "AWS::Oam::Sink": Type<SinkProperties, "Arn">;
  "AWS::RAM::ResourceShare": Type<ResourceShareProperties, "Arn">;
  "AWS::RDS::DBInstance": Type<
    DBInstanceProperties & { DatabaseInsightsMode?: Value<string> },
    "DbiResourceId" | "Endpoint.Address" | "Endpoint.Port" | "MasterUserSecret.SecretArn"
  >;
  "AWS::RDS::DBParameterGroup": Type<DBParameterGroupProperties>;
  "AWS::RDS::DBSubnetGroup": Type<DBSubnetGroupProperties>;
  "AWS::Route53::HostedZone": Type<HostedZoneProperties, "Id" | "NameServers">;
  "AWS::Route53::RecordSet": Type<RecordSetProperties>;
  "AWS::S3::Bucket": Type<BucketProperties, "Arn">;
  "AWS::S3::BucketPolicy": Type<BucketPolicyProperties>;
  "AWS::Scheduler::Schedule": Type<ScheduleProperties, "Arn">;
  "AWS::SecretsManager::ResourcePolicy": Type<ResourcePolicyProperties>;
  "AWS::SecretsManager::Secret": Type<SecretProperties, "Id">;
  "AWS::SNS::Subscription": Type<SubscriptionProperties>;
  "AWS::SNS::Topic": Type<TopicProperties, "TopicArn" | "TopicName">;
  "AWS::SNS::TopicPolicy": Type<TopicPolicyProperties>;
  "AWS::SecurityHub::Hub": Type<HubProperties>;
  "AWS::SecurityHub::Standard": Type<StandardProperties>;
  "AWS::SQS::Queue": Type<QueueProperties, "Arn" | "QueueName">;
  "AWS::SQS::QueuePolicy": Type<QueuePolicyProperties>;
  "AWS::SSM::Association": Type<AssociationProperties, "AssociationId">;
  "AWS::SSM::Document": Type<DocumentProperties>;
  "AWS::SSM::MaintenanceWindow": Type<MaintenanceWindowProperties>;
  "AWS::SSM::MaintenanceWindowTarget": Type<MaintenanceWindowTargetProperties>;
  "AWS::SSM::MaintenanceWindowTask": Type<MaintenanceWindowTaskProperties>;
  "AWS::SSM::Parameter": Type<ParameterProperties, "Type" | "Value">;
  "AWS::SSM::PatchBaseline": Type<PatchBaselineProperties>;
  "AWS::SSM::ServiceSetting": Type<ServiceSettingProperties>;
  "AWS::WAFv2::LoggingConfiguration": Type<LoggingConfigurationProperties>;
  "AWS::WAFv2::WebACL": Type<WebACLProperties, "Arn" | "Id">;
  "AWS::WAFv2::WebACLAssociation": Type<WebACLAssociationProperties>;
}

export type ResourceType = keyof ResourceTypes;
export type PropertiesOf<T extends ResourceType> = ResourceTypes[T]["properties"];
export type AttributeOf<T extends ResourceType> = ResourceTypes[T]["attributes"];
