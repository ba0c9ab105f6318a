# What each service is told, one line a variable and by its full name: a test compares these names with the READMEs of the
# services and with docker/compose.yml. What is missing here has the default of the service's config.default.toml.

locals {
  database_host = "${module.database.endpoint}:${module.database.port}/${module.database.database_name}"
  jwks_url      = "${module.edge.internal_url}:8081/.well-known/jwks.json"
  auth_url      = "${module.edge.internal_url}:9081"
  task_url      = "${module.edge.internal_url}:9082"

  # Who stands between a browser and a task: the load balancer and the VPC link, and CloudFront's own addresses. Without
  # the latter everybody would seem to come from CloudFront, and share their wrong tries of passwords.
  trusted_proxies = join(",", concat([module.network.vpc_cidr], sort([for entry in data.aws_ec2_managed_prefix_list.cloudfront.entries : entry.cidr])))

  settings = {
    auth = merge(
      {
        AUTH__HTTP__HOST                  = "0.0.0.0"
        AUTH__HTTP__PORT                  = "8081"
        AUTH__HTTP__INTERNAL_HOST         = "0.0.0.0"
        AUTH__HTTP__INTERNAL_PORT         = "9081"
        AUTH__HTTP__PUBLIC_URL            = module.web.url
        AUTH__HTTP__ALLOWED_ORIGINS       = join(",", var.allowed_origins)
        AUTH__HTTP__TRUSTED_PROXIES       = local.trusted_proxies
        AUTH__DATABASE__URL               = "postgres://onus_auth@${local.database_host}"
        AUTH__DATABASE__TLS               = "require"
        AUTH__BUS__TRANSPORT              = "sqs"
        AUTH__BUS__SQS__REGION            = var.region
        AUTH__BUS__SQS__PREFIX            = module.messaging.prefix
        AUTH__TOKEN__ISSUER               = module.web.url
        AUTH__TOKEN__AUDIENCE             = "onus"
        AUTH__TOKEN__JWKS_URL             = local.jwks_url
        AUTH__TELEMETRY__LOG              = "info"
        AUTH__TELEMETRY__FORMAT           = "json"
        AUTH__AUTH__SIGN_UP               = var.sign_up
        AUTH__AUTH__DISCOVERY_BUCKET      = module.web.site_bucket
        AUTH__AUTH__PASSWORD__CONCURRENT  = "1"
        AUTH__AUTH__PASSWORD__MAX_WAIT_MS = "3000"
      },
      local.traces ? { AUTH__TELEMETRY__OTLP_ENDPOINT = "http://127.0.0.1:4318" } : {},
    )

    task = merge(
      {
        TASK__HTTP__HOST            = "0.0.0.0"
        TASK__HTTP__PORT            = "8082"
        TASK__HTTP__INTERNAL_HOST   = "0.0.0.0"
        TASK__HTTP__INTERNAL_PORT   = "9082"
        TASK__HTTP__PUBLIC_URL      = module.web.url
        TASK__HTTP__ALLOWED_ORIGINS = join(",", var.allowed_origins)
        TASK__HTTP__TRUSTED_PROXIES = local.trusted_proxies
        TASK__DATABASE__URL         = "postgres://onus_task@${local.database_host}"
        TASK__DATABASE__TLS         = "require"
        TASK__BUS__TRANSPORT        = "sqs"
        TASK__BUS__SQS__REGION      = var.region
        TASK__BUS__SQS__PREFIX      = module.messaging.prefix
        TASK__TOKEN__ISSUER         = module.web.url
        TASK__TOKEN__AUDIENCE       = "onus"
        TASK__TOKEN__JWKS_URL       = local.jwks_url
        TASK__INTERNAL__CLIENT_ID   = "task-service"
        TASK__INTERNAL__URLS__AUTH  = local.auth_url
        TASK__TELEMETRY__LOG        = "info"
        TASK__TELEMETRY__FORMAT     = "json"
      },
      local.traces ? { TASK__TELEMETRY__OTLP_ENDPOINT = "http://127.0.0.1:4318" } : {},
    )

    audit = merge(
      {
        AUDIT__HTTP__HOST            = "0.0.0.0"
        AUDIT__HTTP__PORT            = "8083"
        AUDIT__HTTP__INTERNAL_HOST   = "0.0.0.0"
        AUDIT__HTTP__INTERNAL_PORT   = "9083"
        AUDIT__HTTP__PUBLIC_URL      = module.web.url
        AUDIT__HTTP__ALLOWED_ORIGINS = join(",", var.allowed_origins)
        AUDIT__HTTP__TRUSTED_PROXIES = local.trusted_proxies
        AUDIT__DATABASE__URL         = "postgres://onus_audit@${local.database_host}"
        AUDIT__DATABASE__TLS         = "require"
        AUDIT__BUS__TRANSPORT        = "sqs"
        AUDIT__BUS__SQS__REGION      = var.region
        AUDIT__BUS__SQS__PREFIX      = module.messaging.prefix
        AUDIT__TOKEN__ISSUER         = module.web.url
        AUDIT__TOKEN__AUDIENCE       = "onus"
        AUDIT__TOKEN__JWKS_URL       = local.jwks_url
        AUDIT__INTERNAL__CLIENT_ID   = "audit-service"
        AUDIT__INTERNAL__URLS__AUTH  = local.auth_url
        AUDIT__INTERNAL__URLS__TASK  = local.task_url
        AUDIT__TELEMETRY__LOG        = "info"
        AUDIT__TELEMETRY__FORMAT     = "json"
      },
      local.traces ? { AUDIT__TELEMETRY__OTLP_ENDPOINT = "http://127.0.0.1:4318" } : {},
    )

    notify = merge(
      {
        NOTIFY__HTTP__HOST            = "0.0.0.0"
        NOTIFY__HTTP__PORT            = "8084"
        NOTIFY__HTTP__INTERNAL_HOST   = "0.0.0.0"
        NOTIFY__HTTP__INTERNAL_PORT   = "9084"
        NOTIFY__HTTP__PUBLIC_URL      = module.web.url
        NOTIFY__HTTP__ALLOWED_ORIGINS = join(",", var.allowed_origins)
        NOTIFY__HTTP__TRUSTED_PROXIES = local.trusted_proxies
        NOTIFY__DATABASE__URL         = "postgres://onus_notify@${local.database_host}"
        NOTIFY__DATABASE__TLS         = "require"
        NOTIFY__BUS__TRANSPORT        = "sqs"
        NOTIFY__BUS__SQS__REGION      = var.region
        NOTIFY__BUS__SQS__PREFIX      = module.messaging.prefix
        NOTIFY__TOKEN__ISSUER         = module.web.url
        NOTIFY__TOKEN__AUDIENCE       = "onus"
        NOTIFY__TOKEN__JWKS_URL       = local.jwks_url
        NOTIFY__INTERNAL__CLIENT_ID   = "notify-service"
        NOTIFY__INTERNAL__URLS__AUTH  = local.auth_url
        NOTIFY__INTERNAL__URLS__TASK  = local.task_url
        NOTIFY__TELEMETRY__LOG        = "info"
        NOTIFY__TELEMETRY__FORMAT     = "json"
        NOTIFY__MAIL__CHANNEL         = module.mail.channel
      },
      # Without a sender there is nothing to say about one.
      local.mails ? {
        NOTIFY__MAIL__FROM             = module.mail.from
        NOTIFY__SES__REGION            = var.region
        NOTIFY__SES__CONFIGURATION_SET = module.mail.configuration_set_name
      } : {},
      local.traces ? { NOTIFY__TELEMETRY__OTLP_ENDPOINT = "http://127.0.0.1:4318" } : {},
    )
  }

  # Secrets by ARN: ECS puts the value into the environment, and no state or task definition holds it.
  secret_settings = {
    auth = {
      AUTH__DATABASE__PASSWORD            = aws_secretsmanager_secret.this["database/auth"].arn
      AUTH__DATABASE__CA                  = aws_secretsmanager_secret.this["database-ca"].arn
      AUTH__AUTH__SECRET                  = aws_secretsmanager_secret.this["auth-secret"].arn
      AUTH__AUTH__CLIENTS__TASK_SERVICE   = aws_secretsmanager_secret.this["clients/task"].arn
      AUTH__AUTH__CLIENTS__AUDIT_SERVICE  = aws_secretsmanager_secret.this["clients/audit"].arn
      AUTH__AUTH__CLIENTS__NOTIFY_SERVICE = aws_secretsmanager_secret.this["clients/notify"].arn
    }
    task = {
      TASK__DATABASE__PASSWORD = aws_secretsmanager_secret.this["database/task"].arn
      TASK__DATABASE__CA       = aws_secretsmanager_secret.this["database-ca"].arn
      TASK__INTERNAL__SECRET   = aws_secretsmanager_secret.this["clients/task"].arn
    }
    audit = {
      AUDIT__DATABASE__PASSWORD = aws_secretsmanager_secret.this["database/audit"].arn
      AUDIT__DATABASE__CA       = aws_secretsmanager_secret.this["database-ca"].arn
      AUDIT__INTERNAL__SECRET   = aws_secretsmanager_secret.this["clients/audit"].arn
    }
    notify = {
      NOTIFY__DATABASE__PASSWORD = aws_secretsmanager_secret.this["database/notify"].arn
      NOTIFY__DATABASE__CA       = aws_secretsmanager_secret.this["database-ca"].arn
      NOTIFY__INTERNAL__SECRET   = aws_secretsmanager_secret.this["clients/notify"].arn
    }
  }

  # Only the one-off migration tasks know the master: `migrate` makes schemas and roles, and gives each role its password.
  migration_settings = {
    auth   = { AUTH_ADMIN_URL = "postgres://${module.database.master_username}@${local.database_host}" }
    task   = { TASK_ADMIN_URL = "postgres://${module.database.master_username}@${local.database_host}" }
    audit  = { AUDIT_ADMIN_URL = "postgres://${module.database.master_username}@${local.database_host}" }
    notify = { NOTIFY_ADMIN_URL = "postgres://${module.database.master_username}@${local.database_host}" }
  }

  migration_secrets = {
    auth   = { AUTH_ADMIN_PASSWORD = "${module.database.master_secret_arn}:password::" }
    task   = { TASK_ADMIN_PASSWORD = "${module.database.master_secret_arn}:password::" }
    audit  = { AUDIT_ADMIN_PASSWORD = "${module.database.master_secret_arn}:password::" }
    notify = { NOTIFY_ADMIN_PASSWORD = "${module.database.master_secret_arn}:password::" }
  }
}
