# Nothing here reaches AWS: values that it would compute are made up.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::123456789012:instance-profile/onus-dev-instance" }
  }
  mock_resource "aws_autoscaling_group" {
    defaults = { arn = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:1:autoScalingGroupName/onus" }
  }
}

variables {
  name        = "onus-dev"
  log_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "fargate_by_default" {
  command = plan

  assert {
    condition     = output.capacity_provider == "FARGATE"
    error_message = "Tasks run on Fargate unless somebody says otherwise."
  }
  assert {
    condition     = length(aws_launch_template.instance) + length(aws_autoscaling_group.instances) + length(aws_iam_role.instance) + length(aws_ecs_account_setting_default.trunks) == 0
    error_message = "Fargate needs no instances."
  }
  assert {
    condition     = one(one(one(aws_ecs_cluster.this.configuration).execute_command_configuration).log_configuration).cloud_watch_encryption_enabled
    error_message = "What is typed into containers is kept encrypted."
  }
  assert {
    condition     = aws_cloudwatch_log_group.exec.kms_key_id == var.log_key_arn
    error_message = "The log group of ECS Exec has the key."
  }
  assert {
    condition     = endswith(aws_iam_role_policy_attachment.traffic.policy_arn, "/AmazonECSInfrastructureRolePolicyForLoadBalancers")
    error_message = "ECS can move the load balancer's traffic, and no more than that."
  }
}

run "spot_by_switch" {
  command = plan

  variables {
    capacity = "FARGATE_SPOT"
  }
  assert {
    condition     = output.capacity_provider == "FARGATE_SPOT"
    error_message = "The switch chooses spot capacity."
  }
}

run "instances_by_switch" {
  command = plan

  variables {
    capacity                   = "EC2"
    subnet_ids                 = ["subnet-1", "subnet-2"]
    instance_security_group_id = "sg-1"
  }
  assert {
    condition     = output.capacity_provider == "onus-dev-instances"
    error_message = "The switch chooses the instances."
  }
  assert {
    condition     = one(aws_launch_template.instance[0].metadata_options).http_tokens == "required" && one(aws_launch_template.instance[0].metadata_options).http_put_response_hop_limit == 1
    error_message = "No container reads the instance's role."
  }
  assert {
    condition     = one(one(aws_launch_template.instance[0].block_device_mappings).ebs).encrypted == "true" && one(aws_launch_template.instance[0].network_interfaces).associate_public_ip_address == "false"
    error_message = "Instances have encrypted disks and no public address."
  }
  assert {
    condition     = strcontains(aws_launch_template.instance[0].image_id, "/arm64/")
    error_message = "The image fits the architecture."
  }
}

run "no_instances_without_subnets" {
  command = plan
  variables {
    capacity = "EC2"
  }
  expect_failures = [var.subnet_ids]
}
