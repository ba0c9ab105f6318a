# The whole of it, as dev and prod have it. Nothing here reaches AWS: values that it would compute are made up. What each
# module promises is tested beside the module.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_data "aws_vpc_endpoint_service" {
    defaults = { vpc_endpoint_policy_supported = true }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_ssm_parameters_by_path" {
    defaults = { names = [], values = [] }
  }
  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { entries = [{ cidr = "120.52.22.96/27", description = "" }, { cidr = "13.124.199.0/24", description = "" }] }
  }
  mock_data "aws_route53_zone" {
    defaults = { zone_id = "Z1" }
  }
  mock_resource "aws_vpc" {
    defaults = { cidr_block = "10.20.0.0/16" }
  }
  mock_resource "aws_rds_cluster" {
    defaults = {
      endpoint           = "onus.cluster-1.eu-central-1.rds.amazonaws.com"
      port               = 5432
      database_name      = "onus"
      master_username    = "onus_master"
      master_user_secret = [{ kms_key_id = "k", secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf", secret_status = "active" }]
    }
  }
  mock_resource "aws_cloudfront_distribution" {
    defaults = { domain_name = "d1.cloudfront.net" }
  }
  mock_resource "aws_lb" {
    defaults = { dns_name = "internal-onus-dev-1.eu-central-1.elb.amazonaws.com", arn_suffix = "app/onus/1" }
  }
  mock_resource "aws_apigatewayv2_api" {
    defaults = { api_endpoint = "https://abc.execute-api.eu-central-1.amazonaws.com" }
  }
  mock_resource "aws_acm_certificate" {
    defaults = { domain_validation_options = [{ domain_name = "a", resource_record_name = "b", resource_record_type = "CNAME", resource_record_value = "c" }] }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:onus/dev/x-AbCdEf" }
  }
}

variables {
  region      = "eu-central-1"
  alarm_email = "ops@example.com"
  environment = "dev"
  protect     = false
  images = {
    auth   = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/auth-service@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    task   = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/task-service@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    audit  = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/audit-service@sha256:3333333333333333333333333333333333333333333333333333333333333333"
    notify = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/notify-service@sha256:4444444444444444444444444444444444444444444444444444444444444444"
  }
}

run "three_inputs_are_enough" {
  assert {
    condition     = output.url == "https://d1.cloudfront.net"
    error_message = "Without a domain it is CloudFront's own name."
  }
  assert {
    condition     = alltrue([for service in local.services : local.settings[service]["${upper(service)}__TOKEN__ISSUER"] == output.url && local.settings[service]["${upper(service)}__HTTP__PUBLIC_URL"] == output.url])
    error_message = "Issuer and public address are the address that people open."
  }
  assert {
    condition     = alltrue([for service in local.services : local.settings[service]["${upper(service)}__TOKEN__JWKS_URL"] == "http://internal-onus-dev-1.eu-central-1.elb.amazonaws.com:8081/.well-known/jwks.json"])
    error_message = "Keys are fetched inside the VPC: no way leads out."
  }
  assert {
    condition     = alltrue([for service in local.services : local.settings[service]["${upper(service)}__DATABASE__TLS"] == "require" && local.settings[service]["${upper(service)}__DATABASE__URL"] == "postgres://onus_${service}@onus.cluster-1.eu-central-1.rds.amazonaws.com:5432/onus"])
    error_message = "Each service has its own role, over TLS, and no password in the address."
  }
  assert {
    condition     = local.settings.auth.AUTH__HTTP__TRUSTED_PROXIES == "10.20.0.0/16,120.52.22.96/27,13.124.199.0/24"
    error_message = "The load balancer and CloudFront are believed about who asks, and nobody else."
  }
  assert {
    condition     = local.settings.notify.NOTIFY__MAIL__CHANNEL == "mailbox" && !contains(keys(local.settings.notify), "NOTIFY__SES__REGION")
    error_message = "Without a sender mails are kept and shown."
  }
}

run "nothing_leads_in" {
  assert {
    condition     = length(module.network.endpoint_services) == 6 && alltrue([for service in ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs", "email"] : contains(module.network.endpoint_services, service)])
    error_message = "The six endpoints that tasks need are there, and no more are paid for."
  }
  assert {
    condition     = module.network.security_groups.egress == null && module.network.security_groups.instances == null
    error_message = "No task has a way out, and there are no instances."
  }
  assert {
    condition     = startswith(module.edge.internal_url, "http://internal-")
    error_message = "The load balancer is inside."
  }
}

run "each_service_is_somebody_else" {
  assert {
    condition     = length(distinct(flatten([for service in local.services : concat(values(module.service[service].task_role_arns), values(module.service[service].execution_role_arns))]))) == 20
    error_message = "Four services, each with three roles of its own and two that start it."
  }
  assert {
    condition     = length(distinct(flatten([for service in local.services : values(module.service[service].names)]))) == 12
    error_message = "Each has tasks that serve, that work, and that migrate."
  }
  assert {
    condition     = local.destinations == { auth = ["audit", "notify", "task"], task = ["audit", "notify"], audit = [], notify = [] }
    error_message = "Only auth and task publish, as their READMEs say."
  }
  assert {
    condition = alltrue(flatten([for service in local.services : [
      for other in local.services : !contains(keys(local.secret_settings[service]), "${upper(other)}__DATABASE__PASSWORD") if other != service
    ]]))
    error_message = "No service knows another one's password."
  }
  assert {
    condition     = alltrue([for service in local.services : length(local.migration_secrets[service]) == 1 && !anytrue([for name in keys(local.secret_settings[service]) : strcontains(name, "ADMIN")])])
    error_message = "Only migrations know the master."
  }
}

run "every_setting_is_a_services_own" {
  assert {
    condition = alltrue(flatten([for service in local.services : [
      for name in concat(keys(local.settings[service]), keys(local.secret_settings[service])) : startswith(name, "${upper(service)}__")
    ]]))
    error_message = "Names begin with the service's prefix."
  }
  assert {
    condition     = alltrue([for service in local.services : local.settings[service]["${upper(service)}__HTTP__PORT"] == tostring(local.ports[service].public) && local.settings[service]["${upper(service)}__HTTP__INTERNAL_PORT"] == tostring(local.ports[service].internal)])
    error_message = "The ports are those that the load balancer asks."
  }
}

run "secrets_have_no_values" {
  assert {
    condition     = length(aws_secretsmanager_secret.this) == 9 && alltrue([for secret in aws_secretsmanager_secret.this : startswith(secret.name, "onus/dev/") && secret.recovery_window_in_days == 0])
    error_message = "Nine secrets, which in dev can be made again at once."
  }
  assert {
    condition     = !can(regex("(?i)password|secret_string", aws_ssm_parameter.deployment.value)) && length(aws_ssm_parameter.deployment.value) < 4096
    error_message = "What scripts need to know is no secret, and fits into a parameter."
  }
}

run "the_foundation_comes_first" {
  variables {
    images = null
  }
  assert {
    condition     = alltrue([for service in local.services : !module.service[service].running]) && !local.ready
    error_message = "Without a release nothing runs, and no token is asked for."
  }
  assert {
    condition     = module.service["auth"].names.migrate == "onus-dev-auth-migrate"
    error_message = "But migrations can be run."
  }
}

run "a_release_is_found" {
  variables {
    images = null
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.release
    values = {
      names  = ["/onus/dev/release/auth", "/onus/dev/release/web"]
      values = ["123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/auth-service@sha256:5555555555555555555555555555555555555555555555555555555555555555", "web"]
    }
  }
  assert {
    condition     = module.service["auth"].running && !module.service["task"].running && local.ready
    error_message = "What the pipeline wrote down runs, and nothing else."
  }
}

run "with_a_domain" {
  variables {
    domain = "onus.example.com"
  }
  assert {
    condition     = output.url == "https://onus.example.com" && module.edge.internal_url == "https://internal.onus.example.com" && module.edge.api_host == "api.onus.example.com"
    error_message = "TLS up to the load balancer, by names of the domain."
  }
  assert {
    condition     = local.settings.notify.NOTIFY__MAIL__CHANNEL == "ses" && contains(keys(local.settings.notify), "NOTIFY__SES__CONFIGURATION_SET")
    error_message = "Mail goes out by SES."
  }
}

run "spot_is_not_for_migrations" {
  variables {
    capacity = "FARGATE_SPOT"
  }
  assert {
    condition     = module.cluster.capacity_provider == "FARGATE_SPOT" && output.deployment.capacity_provider == "FARGATE"
    error_message = "Services may be interrupted, one-off tasks may not."
  }
}

run "with_every_switch" {
  variables {
    domain          = "onus.example.com"
    capacity        = "EC2"
    egress          = true
    exec            = true
    firewall        = true
    protect         = true
    repository      = "example/onus"
    collector_image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/collector@sha256:6666666666666666666666666666666666666666666666666666666666666666"
    more_settings   = { auth = { AUTH__AUTH__PROVIDERS__GOOGLE__ISSUER = "https://accounts.google.com" } }
  }
  assert {
    condition     = module.network.security_groups.egress != null && module.network.security_groups.instances != null && contains(module.network.endpoint_services, "ssmmessages") && contains(module.network.endpoint_services, "xray")
    error_message = "What a switch needs of the network is there."
  }
  assert {
    condition     = module.cluster.capacity_provider == "onus-dev-instances" && alltrue([for secret in aws_secretsmanager_secret.this : secret.recovery_window_in_days == 30])
    error_message = "Tasks run on instances, and nothing is deleted at once."
  }
}

run "no_stranger_among_the_services" {
  command = plan
  variables {
    images = { web = "1" }
  }
  expect_failures = [var.images]
}
