/** The cluster's own instances: what they are, how many, and how they give way to others. */
import type { UpdatePolicy } from "../../cfn/update-policy.ts";
import { base64, Import, PublicParameter, type Published, sub } from "../../cfn/values.ts";
import { type Processor, processorOf } from "../../instance-type.ts";
import { type Handle, part, type Stack } from "../../stack.ts";
import { upkeepTag } from "../instances/upkeep.ts";
import { networkOutputs } from "../network/index.ts";
import harden from "./harden.sh?raw";
import type { Cluster } from "./index.ts";
import { addInstanceProfile } from "./instance-profile.ts";
import { clusterOutputs } from "./outputs.ts";
import { clusterPath, type InstanceSettings } from "./settings.ts";

/** What all these resources have in common: not every placement has instances. */
const options = { part: part("Instances", true), from: [...clusterPath, "instances"] };

const TAGS = [{ Key: "Name", Value: "cluster" }];

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html */
const IMAGES: Readonly<Record<Processor, Published>> = {
  arm64: {
    logicalId: "ArmImage",
    name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
    type: "AWS::EC2::Image::Id",
    description: "The current image for ECS on Arm",
  },
  x86_64: {
    logicalId: "X86Image",
    name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    type: "AWS::EC2::Image::Id",
    description: "The current image for ECS on x86",
  },
};

/** Seconds in which an instance starts, and its agent joins the cluster. */
const WARM_UP = 120;

/**
 * @param name the architecture's
 * @returns the capacity provider by which tasks come to the instances
 */
export function addInstances(
  stack: Stack,
  name: string,
  cluster: Cluster,
  settings: InstanceSettings,
): Handle<"AWS::ECS::CapacityProvider"> {
  const template = addLaunchTemplate(stack, name, cluster, settings);
  const group = addGroup(stack, template, settings);
  const provider = stack.add(
    "AWS::ECS::CapacityProvider",
    "CapacityProvider",
    {
      AutoScalingGroupProvider: {
        AutoScalingGroupArn: group.ref,
        ManagedScaling: { Status: "ENABLED", TargetCapacity: 100 },
        ManagedTerminationProtection: "ENABLED",
        ManagedDraining: "ENABLED",
      },
      Tags: TAGS,
    },
    options,
  );
  stack.publish(clusterOutputs.capacityProvider, provider.ref, options);
  stack.publish(clusterOutputs.autoScalingGroup, group.ref, options);
  return provider;
}

function addLaunchTemplate(
  stack: Stack,
  name: string,
  cluster: Cluster,
  { type, disk }: InstanceSettings,
): Handle<"AWS::EC2::LaunchTemplate"> {
  return stack.add(
    "AWS::EC2::LaunchTemplate",
    "LaunchTemplate",
    {
      LaunchTemplateData: {
        ImageId: new PublicParameter(IMAGES[processorOf(type)]),
        InstanceType: type,
        IamInstanceProfile: { Arn: addInstanceProfile(stack, cluster, options).att("Arn") },
        SecurityGroupIds: [addSecurityGroup(stack).att("GroupId")],
        // The agent shares the instance's network, so one hop is enough; a task that does not can't get this far.
        MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: "required", HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [
          {
            DeviceName: "/dev/xvda",
            Ebs: { VolumeType: "gp3", VolumeSize: disk, Encrypted: true, DeleteOnTermination: true },
          },
        ],
        UserData: base64(userData(cluster)),
        TagSpecifications: [
          { ResourceType: "instance", Tags: [...TAGS, upkeepTag(name, "replaced")] },
          { ResourceType: "volume", Tags: TAGS },
        ],
      },
    },
    options,
  );
}

/**
 * The image's own defaults suit tasks that have a network interface and a role of their own; what is set here keeps them
 * from the instance's: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ec2-security-considerations.html
 */
const userData = (cluster: Cluster) => sub`#!/bin/bash
cat >> /etc/ecs/ecs.config <<'END'
ECS_CLUSTER=${cluster.ref}
ECS_AWSVPC_BLOCK_IMDS=true
END

${harden}`;

function addSecurityGroup(stack: Stack): Handle<"AWS::EC2::SecurityGroup"> {
  return stack.add(
    "AWS::EC2::SecurityGroup",
    "InstanceSecurityGroup",
    {
      GroupDescription: "Instances of the cluster; tasks have security groups of their own",
      VpcId: new Import(networkOutputs.vpcId),
      SecurityGroupEgress: [
        {
          Description: "HTTPS to AWS and to registries",
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          CidrIp: "0.0.0.0/0",
        },
      ],
      Tags: [{ Key: "Name", Value: "cluster-instances" }],
    },
    options,
  );
}

/** How many there are is for ECS to say: without `DesiredCapacity` an update leaves it alone. */
function addGroup(
  stack: Stack,
  template: Handle<"AWS::EC2::LaunchTemplate">,
  { scale: { min, max = min } }: InstanceSettings,
): Handle<"AWS::AutoScaling::AutoScalingGroup"> {
  return stack.add(
    "AWS::AutoScaling::AutoScalingGroup",
    "AutoScalingGroup",
    {
      LaunchTemplate: { LaunchTemplateId: template.ref, Version: template.att("LatestVersionNumber") },
      VPCZoneIdentifier: new Import(networkOutputs.privateSubnetIds),
      MinSize: String(min),
      MaxSize: String(max),
      DefaultInstanceWarmup: WARM_UP,
      // New ones come before old ones go, whatever an instance is replaced for.
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
      NewInstancesProtectedFromScaleIn: true,
      // ECS sets this tag later, but the first instances must have it too: without, they are not the capacity provider's.
      Tags: [{ Key: "AmazonECSManaged", Value: "true", PropagateAtLaunch: true }],
    },
    { ...options, updatePolicy: replacement },
  );
}

/**
 * ECS has instances protected from scaling in, which a refresh is told not to mind, and which `AutoScalingRollingUpdate`
 * is known to hang on (aws-cloudformation/cloudformation-coverage-roadmap#692). Each is drained before it goes:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html
 */
const replacement: UpdatePolicy = {
  AutoScalingInstanceRefresh: {
    Strategy: "Rolling",
    // One in standby is being looked into by somebody.
    Preferences: { ScaleInProtectedInstances: "Refresh", StandbyInstances: "Ignore" },
  },
};
