# Nothing here reaches AWS: values that it would compute are made up.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_lb_target_group" {
    defaults = { arn_suffix = "targetgroup/onus/1" }
  }
}

variables {
  name       = "onus-dev"
  service    = "auth"
  region     = "eu-central-1"
  image      = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/auth-service@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  repository = { url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/auth-service", arn = "arn:aws:ecr:eu-central-1:123456789012:repository/onus/auth-service" }
  ports      = { public = 8081, internal = 9081 }
  environment = {
    AUTH__HTTP__PORT = "8081"
  }
  secrets = {
    AUTH__DATABASE__PASSWORD = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:onus/dev/database/auth-AbCdEf"
  }
  migration = {
    environment = { AUTH_ADMIN_URL = "postgres://onus@db:5432/onus" }
    secrets     = { AUTH_ADMIN_PASSWORD = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf:password::" }
  }
  cluster = {
    arn               = "arn:aws:ecs:eu-central-1:123456789012:cluster/onus-dev"
    name              = "onus-dev"
    capacity_provider = "FARGATE"
    traffic_role_arn  = "arn:aws:iam::123456789012:role/onus-dev-traffic"
  }
  vpc_id             = "vpc-1"
  subnet_ids         = ["subnet-1", "subnet-2"]
  security_group_ids = ["sg-1"]
  load_balancer      = "app/onus-dev/1"
  public_rule_arn    = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/onus-dev/1/2/3"
  internal_target    = true
  internal_rule_arn  = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/onus-dev/1/4/5"
  log_group          = { name = "/onus-dev/auth", arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/onus-dev/auth" }
  alarm_topic_arn    = "arn:aws:sns:eu-central-1:123456789012:onus-dev-alarms"
  sends_to           = ["arn:aws:sqs:eu-central-1:123456789012:onus-dev-audit.fifo"]
  discovery_bucket   = { arn = "arn:aws:s3:::onus-dev-site" }
}

run "serve_is_a_canary" {
  command = plan

  assert {
    condition     = one(aws_ecs_service.serve[0].deployment_configuration).strategy == "CANARY" && one(one(aws_ecs_service.serve[0].deployment_configuration).canary_configuration).canary_percent == 10
    error_message = "A new version gets a tenth of the requests first."
  }
  assert {
    condition     = one(aws_ecs_service.serve[0].alarms).enable && one(aws_ecs_service.serve[0].alarms).rollback && contains(one(aws_ecs_service.serve[0].alarms).alarm_names, "onus-dev-auth-5xx")
    error_message = "Alarms take a bad version back."
  }
  assert {
    condition     = one(aws_ecs_service.serve[0].deployment_controller).type == "ECS" && length(aws_ecs_service.serve[0].deployment_circuit_breaker) == 0
    error_message = "The canary is ECS's own, and is judged by alarms."
  }
  assert {
    condition     = one(one(aws_ecs_service.serve[0].load_balancer).advanced_configuration).production_listener_rule == var.public_rule_arn && one(one(aws_ecs_service.serve[0].load_balancer).advanced_configuration).role_arn == var.cluster.traffic_role_arn
    error_message = "ECS moves the weights of the rule it was given."
  }
  assert {
    condition     = length(one(aws_ecs_service.serve[0].deployment_configuration).lifecycle_hook) == 0
    error_message = "Nobody has to promote unless that is switched on."
  }
  assert {
    condition     = length(distinct([for query in aws_cloudwatch_metric_alarm.errors.metric_query : query.id])) == 3
    error_message = "The alarm watches the blue and the green tasks."
  }
}

run "work_rolls" {
  command = plan

  assert {
    condition     = one(aws_ecs_service.work[0].deployment_configuration).strategy == "ROLLING"
    error_message = "Without requests there is nothing to split."
  }
  assert {
    condition     = one(aws_ecs_service.work[0].deployment_circuit_breaker).enable && one(aws_ecs_service.work[0].deployment_circuit_breaker).rollback
    error_message = "The circuit breaker takes a version back that does not start."
  }
  assert {
    condition     = one(aws_ecs_service.work[0].load_balancer).container_port == 9081
    error_message = "Internal routes are answered by `work`, on the internal port."
  }
}

run "no_task_can_do_more_than_it_needs" {
  command = plan

  assert {
    condition = alltrue(flatten([for definition in [aws_ecs_task_definition.serve[0], aws_ecs_task_definition.work[0], aws_ecs_task_definition.migrate] : [
      for container in jsondecode(definition.container_definitions) :
      container.readonlyRootFilesystem && !container.privileged && container.user == "65532:65532" && container.linuxParameters.capabilities.drop == ["ALL"] && length(container.linuxParameters.capabilities.add) == 0
    ]]))
    error_message = "Containers are read-only and not root, and have no capabilities."
  }
  assert {
    condition     = alltrue([for definition in [aws_ecs_task_definition.serve[0], aws_ecs_task_definition.work[0]] : jsondecode(definition.container_definitions)[0].healthCheck.command[0] == "CMD" && jsondecode(definition.container_definitions)[0].stopTimeout == 30])
    error_message = "The health check needs no shell, and a task has 30 seconds to stop."
  }
  assert {
    condition     = alltrue([for definition in [aws_ecs_task_definition.serve[0], aws_ecs_task_definition.work[0], aws_ecs_task_definition.migrate] : one(definition.runtime_platform).cpu_architecture == "ARM64" && definition.network_mode == "awsvpc"])
    error_message = "Tasks run on arm64, each with a network interface of its own."
  }
  assert {
    condition     = alltrue([for service in [aws_ecs_service.serve[0], aws_ecs_service.work[0]] : one(service.network_configuration).assign_public_ip == false && service.enable_execute_command == false])
    error_message = "Tasks have no public address, and nobody gets into them."
  }
  assert {
    condition     = !strcontains(aws_ecs_task_definition.serve[0].container_definitions, "ADMIN") && strcontains(aws_ecs_task_definition.migrate.container_definitions, "AUTH_ADMIN_PASSWORD")
    error_message = "Only the migration task knows the master's password."
  }
  assert {
    condition     = alltrue([for definition in [aws_ecs_task_definition.serve[0], aws_ecs_task_definition.work[0], aws_ecs_task_definition.migrate] : definition.track_latest && definition.skip_destroy])
    error_message = "A pipeline's revision is Terraform's too, and old ones stay to go back to."
  }
}

run "roles_are_distinct_and_small" {
  command = plan

  assert {
    condition     = length(distinct(concat([for role in aws_iam_role.task : role.name], [for role in aws_iam_role.execution : role.name]))) == 5
    error_message = "Serve, work and migrate are three, and two start them."
  }
  assert {
    condition = alltrue(flatten([for policy in concat(values(aws_iam_role_policy.task), values(aws_iam_role_policy.execution)) : [
      for statement in jsondecode(policy.policy).Statement : !contains(flatten([statement.Action]), "*") && alltrue([for action in flatten([statement.Action]) : !endswith(action, ":*")])
    ]]))
    error_message = "No policy allows everything."
  }
  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.execution["service"].policy).Statement : statement.Resource if statement.Sid == "ReadSecrets"]) == ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:onus/dev/database/auth-AbCdEf"]
    error_message = "A service's tasks may read its own secrets only."
  }
  assert {
    condition     = contains(flatten([for statement in jsondecode(aws_iam_role_policy.execution["migrate"].policy).Statement : statement.Resource if statement.Sid == "ReadSecrets"]), "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf")
    error_message = "The migration task may read the master secret, named without the key inside it."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task["work"].policy).Statement : statement.Sid] == ["SeeQueues", "SendEvents"]
    error_message = "auth's `work` sends, and does nothing else."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task["serve"].policy).Statement : statement.Sid] == ["SeeQueues"]
    error_message = "What faces the world may only see whether the queues are there."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.task["migrate"].policy).Statement == [{
      Sid      = "PublishKeys", Effect = "Allow", Action = "s3:PutObject"
      Resource = ["arn:aws:s3:::onus-dev-site/.well-known/openid-configuration", "arn:aws:s3:::onus-dev-site/.well-known/jwks.json"]
    }]
    error_message = "One-off tasks may write two objects."
  }
}

run "scaling" {
  command = plan

  assert {
    condition     = length(aws_appautoscaling_policy.cpu) == 2 && length(aws_appautoscaling_policy.requests) == 1 && length(aws_appautoscaling_policy.queue) == 0
    error_message = "CPU for both, requests for `serve`; auth consumes no queue."
  }
}

run "a_consumer_that_mails" {
  command = plan

  variables {
    service         = "notify"
    sends_to        = []
    internal_target = false
    receives_from   = { arn = "arn:aws:sqs:eu-central-1:123456789012:onus-dev-notify.fifo", name = "onus-dev-notify.fifo" }
    mail            = { identity_arn = "arn:aws:ses:eu-central-1:123456789012:identity/example.com", configuration_set_arn = "arn:aws:ses:eu-central-1:123456789012:configuration-set/onus-dev" }
    canary          = { pause = true, pause_minutes = 60, max_p99_seconds = 2 }
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task["work"].policy).Statement : statement.Sid] == ["SeeQueues", "ConsumeEvents", "SendMail"]
    error_message = "notify's `work` receives and mails, and sends no events."
  }
  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.task["work"].policy).Statement : statement.Resource if statement.Sid == "SendMail"]) == [var.mail.identity_arn, var.mail.configuration_set_arn]
    error_message = "Mail goes out as one identity, through one configuration set."
  }
  assert {
    condition     = one(one(aws_appautoscaling_policy.queue[0].target_tracking_scaling_policy_configuration).customized_metric_specification).metric_name == "ApproximateAgeOfOldestMessage"
    error_message = "Old messages call more workers."
  }
  assert {
    condition     = length(aws_lb_target_group.internal) == 0 && length(aws_ecs_service.work[0].load_balancer) == 0
    error_message = "Nobody calls notify's internal routes."
  }
  assert {
    condition     = one(one(aws_ecs_service.serve[0].deployment_configuration).lifecycle_hook).target_type == "PAUSE" && one(one(one(aws_ecs_service.serve[0].deployment_configuration).lifecycle_hook).timeout_configuration).action == "ROLLBACK"
    error_message = "With the switch a person promotes; without one the new version goes back."
  }
  assert {
    condition     = length(one(aws_ecs_service.serve[0].alarms).alarm_names) == 2
    error_message = "Slowness counts where it is asked for."
  }
}

run "switches" {
  command = plan

  variables {
    collector   = { image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/collector@sha256:2222222222222222222222222222222222222222222222222222222222222222", repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/onus/collector" }
    exec        = { log_group_arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/onus-dev/exec" }
    launch_type = "EC2"
  }
  assert {
    condition     = [for container in jsondecode(aws_ecs_task_definition.serve[0].container_definitions) : container.name] == ["onus", "collector"] && length(jsondecode(aws_ecs_task_definition.migrate.container_definitions)) == 1
    error_message = "Long-lived tasks have a collector beside them."
  }
  assert {
    condition     = aws_ecs_service.serve[0].enable_execute_command && !jsondecode(aws_ecs_task_definition.serve[0].container_definitions)[0].readonlyRootFilesystem
    error_message = "ECS Exec needs to write."
  }
  assert {
    condition     = aws_ecs_task_definition.serve[0].requires_compatibilities == toset(["EC2"])
    error_message = "The tasks fit what they run on."
  }
}

run "before_the_first_image" {
  command = plan

  variables {
    image = null
  }
  assert {
    condition     = length(aws_ecs_service.serve) + length(aws_ecs_service.work) + length(aws_appautoscaling_target.this) == 0 && !output.running
    error_message = "Without an image nothing runs."
  }
  assert {
    condition     = endswith(jsondecode(aws_ecs_task_definition.migrate.container_definitions)[0].image, "/onus/auth-service:unreleased")
    error_message = "The migration task waits for its image."
  }
}

run "a_tag_is_no_image" {
  command = plan
  variables {
    image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/auth-service:latest"
  }
  expect_failures = [var.image]
}

run "a_secret_is_no_setting" {
  command = plan
  variables {
    environment = { AUTH__AUTH__SECRET = "written down" }
  }
  expect_failures = [var.environment]
}
