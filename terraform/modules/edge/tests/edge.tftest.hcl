# Nothing here reaches AWS: values that it would compute are made up.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/onus-dev/1", dns_name = "internal-onus-dev-1.eu-central-1.elb.amazonaws.com" }
  }
  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/onus-dev/1/2" }
  }
  mock_resource "aws_apigatewayv2_api" {
    defaults = { api_endpoint = "https://abc.execute-api.eu-central-1.amazonaws.com" }
  }
  mock_resource "aws_acm_certificate" {
    defaults = {
      arn                       = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
      domain_validation_options = [{ domain_name = "a", resource_record_name = "b", resource_record_type = "CNAME", resource_record_value = "c" }]
    }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::onus-dev-logs" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/onus-dev/api" }
  }
}

variables {
  name            = "onus-dev"
  subnet_ids      = ["subnet-1", "subnet-2"]
  security_groups = { load_balancer = "sg-1", vpc_link = "sg-2" }
  services = {
    auth = { port = 8081, paths = ["/api/*", "/.well-known/*"], blue = "arn:auth-blue", green = "arn:auth-green" }
    task = { port = 8082, blue = "arn:task-blue", green = "arn:task-green" }
  }
  internal_services = { auth = { port = 9081, target_group = "arn:auth-work" } }
  routes = [
    { service = "auth", method = "POST", path = "/api/auth/sign-in", open = true },
    { service = "auth", method = "GET", path = "/api/auth/me", open = false },
    { service = "task", method = "GET", path = "/api/boards", open = false },
  ]
  ready           = true
  issuer          = "https://d1.cloudfront.net"
  log_key_arn     = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:onus-dev-alarms"
}

run "the_load_balancer_is_inside" {
  command = plan

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.drop_invalid_header_fields && aws_lb.this.enable_deletion_protection
    error_message = "The load balancer is internal, drops odd headers, and is not deleted by mistake."
  }
  assert {
    condition     = length(aws_lb_listener.service) == 2 && length(aws_lb_listener_rule.service) == 2 && alltrue([for listener in aws_lb_listener.service : one(listener.default_action).type == "fixed-response"])
    error_message = "Each service has one listener with one rule; everything else is not found."
  }
  assert {
    condition     = alltrue([for rule in aws_lb_listener_rule.service : !contains(flatten([for condition in rule.condition : [for pattern in condition.path_pattern : pattern.values]]), "/internal/*")])
    error_message = "No rule of the API leads to internal routes."
  }
  assert {
    condition     = alltrue([for rule in aws_lb_listener_rule.service : length(one(one(rule.action).forward).target_group) == 2])
    error_message = "A rule weighs two target groups, or there is no canary."
  }
  assert {
    condition     = one(aws_lb_listener_rule.internal["auth"].action).target_group_arn == "arn:auth-work" && aws_lb_listener.internal["auth"].port == 9081
    error_message = "Internal routes are answered on a port of their own."
  }
  assert {
    condition     = one(aws_lb.this.access_logs).enabled
    error_message = "Requests are written down."
  }
}

run "tokens_are_wanted" {
  command = plan

  assert {
    condition     = aws_apigatewayv2_route.this["GET /api/boards"].authorization_type == "JWT" && aws_apigatewayv2_route.this["GET /api/auth/me"].authorization_type == "JWT"
    error_message = "A route wants a token unless it is open."
  }
  assert {
    condition     = aws_apigatewayv2_route.this["POST /api/auth/sign-in"].authorization_type == "NONE"
    error_message = "One gets a token without a token."
  }
  assert {
    condition     = one(aws_apigatewayv2_authorizer.token[0].jwt_configuration).issuer == var.issuer && one(aws_apigatewayv2_authorizer.token[0].jwt_configuration).audience == toset(["onus"])
    error_message = "The issuer is the services', byte for byte."
  }
  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.service : alltrue([for key, value in integration.request_parameters : startswith(key, "overwrite:") && !strcontains(value, "claims")])])
    error_message = "No claim becomes a header, and no header is added to what a caller sent."
  }
  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.service : integration.connection_type == "VPC_LINK" && integration.timeout_milliseconds == 30000])
    error_message = "Requests go into the VPC, for thirty seconds at most."
  }
  assert {
    condition     = one(aws_apigatewayv2_stage.this.default_route_settings).throttling_rate_limit == 200 && !strcontains(lower(one(aws_apigatewayv2_stage.this.access_log_settings).format), "authorization")
    error_message = "Requests are throttled, and logged without tokens."
  }
  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0
    error_message = "One origin needs no CORS."
  }
}

run "without_a_domain" {
  command = plan

  assert {
    condition     = !aws_apigatewayv2_api.this.disable_execute_api_endpoint && output.api_host == "abc.execute-api.eu-central-1.amazonaws.com"
    error_message = "CloudFront needs the address that AWS gives."
  }
  assert {
    condition     = startswith(output.internal_url, "http://internal-onus-dev") && alltrue([for listener in aws_lb_listener.service : listener.protocol == "HTTP"]) && length(aws_acm_certificate.this) == 0
    error_message = "Without a certificate the VPC speaks HTTP."
  }
}

run "with_a_domain" {
  command = plan

  variables {
    domain          = "onus.example.com"
    zone_id         = "Z1"
    allowed_origins = ["https://app.example.com"]
  }
  assert {
    condition     = alltrue([for listener in concat(values(aws_lb_listener.service), values(aws_lb_listener.internal)) : listener.protocol == "HTTPS" && startswith(listener.ssl_policy, "ELBSecurityPolicy-TLS13-1-2")])
    error_message = "Every listener speaks TLS 1.2 or later."
  }
  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.service : one(integration.tls_config).server_name_to_verify == "internal.onus.example.com"])
    error_message = "API Gateway verifies whom it speaks with."
  }
  assert {
    condition     = aws_apigatewayv2_api.this.disable_execute_api_endpoint && output.api_host == "api.onus.example.com"
    error_message = "One address leads to the API."
  }
  assert {
    condition     = output.internal_url == "https://internal.onus.example.com"
    error_message = "Services verify the name, too."
  }
  assert {
    condition     = one(aws_apigatewayv2_api.this.cors_configuration).allow_origins == toset(["https://app.example.com"])
    error_message = "Other origins are named exactly."
  }
}

run "before_the_keys_are_published" {
  command = plan

  variables {
    ready = false
  }
  assert {
    condition     = length(aws_apigatewayv2_authorizer.token) + length(aws_apigatewayv2_route.this) == 0
    error_message = "An authorizer cannot be made before its issuer can be asked."
  }
}

run "logs_are_private" {
  command = plan

  assert {
    condition     = alltrue([aws_s3_bucket_public_access_block.logs.block_public_acls, aws_s3_bucket_public_access_block.logs.block_public_policy, aws_s3_bucket_public_access_block.logs.ignore_public_acls, aws_s3_bucket_public_access_block.logs.restrict_public_buckets])
    error_message = "The logs are nobody else's."
  }
  assert {
    condition     = contains([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement.Sid], "OnlyByTls")
    error_message = "And read by TLS only."
  }
}

run "no_way_to_internal_routes" {
  command = plan
  variables {
    services = { auth = { port = 8081, paths = ["/internal/*"], blue = "a", green = "b" } }
  }
  expect_failures = [var.services]
}

run "no_origin_for_everybody" {
  command = plan
  variables {
    allowed_origins = ["*"]
  }
  expect_failures = [var.allowed_origins]
}
