# The HTTP API: which route is whose, and who may come in. It verifies tokens, and so do the services again. Nothing of a
# token becomes a header: there is no header to believe, and so none to forge.

locals {
  api_name = "api.${var.domain}"
  routes   = { for route in var.routes : "${route.method} ${route.path}" => route if var.ready }
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  description   = "The API of Onus"
  protocol_type = "HTTP"
  # With a domain there is one address that leads here. Without one CloudFront needs the address that AWS gives.
  disable_execute_api_endpoint = local.tls

  dynamic "cors_configuration" {
    for_each = length(var.allowed_origins) > 0 ? ["other origins"] : []

    content {
      allow_origins     = var.allowed_origins
      allow_methods     = ["GET", "POST", "PATCH", "DELETE"]
      allow_headers     = ["authorization", "content-type", "idempotency-key", "if-match", "x-onus-client"]
      expose_headers    = ["etag", "location", "retry-after", "x-request-id"]
      allow_credentials = true
      max_age           = 600
    }
  }
}

resource "aws_apigatewayv2_vpc_link" "this" {
  name               = var.name
  subnet_ids         = var.subnet_ids
  security_group_ids = [var.security_groups.vpc_link]
}

resource "aws_apigatewayv2_integration" "service" {
  for_each = var.services

  api_id                 = aws_apigatewayv2_api.this.id
  description            = "${each.key}-service"
  integration_type       = "HTTP_PROXY"
  integration_method     = "ANY"
  integration_uri        = aws_lb_listener.service[each.key].arn
  connection_type        = "VPC_LINK"
  connection_id          = aws_apigatewayv2_vpc_link.this.id
  payload_format_version = "1.0"
  timeout_milliseconds   = 30000

  # One name for a request in all logs, whatever the caller called it.
  request_parameters = {
    "overwrite:header.x-request-id" = "$context.requestId"
  }

  dynamic "tls_config" {
    for_each = local.tls ? [local.host] : []

    content {
      server_name_to_verify = tls_config.value
    }
  }
}

resource "aws_apigatewayv2_authorizer" "token" {
  count = var.ready ? 1 : 0

  api_id           = aws_apigatewayv2_api.this.id
  name             = "token"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.issuer
    audience = [var.audience]
  }
}

resource "aws_apigatewayv2_route" "this" {
  #checkov:skip=CKV_AWS_309:Open routes are those of which the API document says so: they are how one gets a token
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.service[each.value.service].id}"
  authorization_type = each.value.open ? "NONE" : "JWT"
  authorizer_id      = each.value.open ? null : aws_apigatewayv2_authorizer.token[0].id
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.rate
    throttling_burst_limit   = var.burst
    detailed_metrics_enabled = var.detailed_metrics
  }

  # Neither tokens nor query strings.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format = jsonencode({
      time             = "$context.requestTimeEpoch"
      request_id       = "$context.requestId"
      from             = "$context.identity.sourceIp"
      route            = "$context.routeKey"
      path             = "$context.path"
      status           = "$context.status"
      bytes            = "$context.responseLength"
      milliseconds     = "$context.responseLatency"
      service_status   = "$context.integration.status"
      service_ms       = "$context.integration.latency"
      service_error    = "$context.integrationErrorMessage"
      authorizer_error = "$context.authorizer.error"
      error            = "$context.error.responseType"
    })
  }
}

resource "aws_cloudwatch_log_group" "api" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is a setting, a month by default
  name              = "/${var.name}/api"
  retention_in_days = var.log_days
  kms_key_id        = var.log_key_arn
}

resource "aws_apigatewayv2_domain_name" "this" {
  count = local.tls ? 1 : 0

  domain_name = local.api_name

  domain_name_configuration {
    certificate_arn = aws_acm_certificate_validation.this["api"].certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = local.tls ? 1 : 0

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].domain_name
  stage       = aws_apigatewayv2_stage.this.name
}

# What the services answer has alarms of its own; this also counts what never reached one.
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-api-5xx"
  alarm_description   = "The API answers with 5xx: a service fails, or none is there."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = aws_apigatewayv2_api.this.id }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.max_5xx
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
