# Onus in one account and region: the foundation, the services, the edge.
#
# The first apply finds no image and makes the foundation only. `deploy/install` then fills the secrets, pushes images, runs
# the one-off tasks, and applies again. Later changes need `terraform apply` and nothing else.

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_route53_zone" "this" {
  count = var.domain == "" ? 0 : 1

  name = var.zone == "" ? var.domain : var.zone
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

# What was released last, as the pipeline wrote it down after ECS's verdict.
data "aws_ssm_parameters_by_path" "release" {
  count = var.images == null ? 1 : 0

  path = "/onus/${var.environment}/release"
}

locals {
  name     = "onus-${var.environment}"
  zone_id  = var.domain == "" ? "" : data.aws_route53_zone.this[0].zone_id
  traces   = var.collector_image != ""
  mails    = var.domain != "" || var.mail_from != ""
  services = ["auth", "task", "audit", "notify"]

  # The web app's release lies there, too.
  released = merge([for found in data.aws_ssm_parameters_by_path.release : {
    for index, name in found.names : element(split("/", name), -1) => nonsensitive(found.values[index])
    if contains(local.services, element(split("/", name), -1))
  }]...)
  images = coalesce(var.images, local.released)
  # auth-service's first release publishes the keys, so there is something for the authorizer to ask for.
  ready = contains(keys(local.images), "auth")

  ports = {
    auth   = { public = 8081, internal = 9081 }
    task   = { public = 8082, internal = 9082 }
    audit  = { public = 8083, internal = 9083 }
    notify = { public = 8084, internal = 9084 }
  }

  # Who sends to whom.
  destinations = {
    auth   = ["audit", "notify", "task"]
    task   = ["audit", "notify"]
    audit  = []
    notify = []
  }
  consumers = ["audit", "notify", "task"]

  repositories    = concat([for service in local.services : "onus/${service}-service"], ["onus/gateway"], local.traces ? ["onus/collector"] : [])
  registry_host   = "${data.aws_caller_identity.this.account_id}.dkr.ecr.${var.region}.amazonaws.com"
  registry_arn    = "arn:${data.aws_partition.this.partition}:ecr:${var.region}:${data.aws_caller_identity.this.account_id}:repository"
  repository_urls = { for name in local.repositories : name => var.registry ? module.registry[0].repository_urls[name] : "${local.registry_host}/${name}" }
  repository_arns = { for name in local.repositories : name => var.registry ? module.registry[0].repository_arns[name] : "${local.registry_arn}/${name}" }
}

# By literal keys: with any other key Terraform takes a service to depend on the listeners that depend on its target groups.
locals {
  target_groups = {
    auth   = module.service["auth"].target_groups
    task   = module.service["task"].target_groups
    audit  = module.service["audit"].target_groups
    notify = module.service["notify"].target_groups
  }
  task_roles = {
    auth   = module.service["auth"].task_role_arns
    task   = module.service["task"].task_role_arns
    audit  = module.service["audit"].task_role_arns
    notify = module.service["notify"].task_role_arns
  }
  service_names = {
    auth   = module.service["auth"].names
    task   = module.service["task"].names
    audit  = module.service["audit"].names
    notify = module.service["notify"].names
  }
  service_alarms = {
    auth   = module.service["auth"].alarm_arns
    task   = module.service["task"].alarm_arns
    audit  = module.service["audit"].alarm_arns
    notify = module.service["notify"].alarm_arns
  }
}

module "observability" {
  source = "./modules/observability"

  name              = local.name
  region            = var.region
  alarm_email       = var.alarm_email
  services          = local.services
  log_days          = var.log_days
  trail             = var.trail
  trail_bucket_arns = [module.web.site_bucket_arn]
  deletable         = !var.protect
  budget_usd        = var.budget_usd

  cluster_name  = module.cluster.cluster_name
  ecs_services  = flatten([for names in values(local.service_names) : [names.serve, names.work]])
  load_balancer = module.edge.load_balancer
  api_id        = module.edge.api_id
  database      = module.database.cluster_identifier
  queues        = [for queue in values(module.messaging.queues) : queue.name]
  alarm_arns = concat(
    module.database.alarm_arns, module.messaging.alarm_arns, module.mail.alarm_arns, module.edge.alarm_arns,
    flatten(values(local.service_alarms)),
  )
}

module "network" {
  source = "./modules/network"

  name                = local.name
  region              = var.region
  zones               = var.zones
  endpoint_zones      = var.endpoint_zones
  egress              = var.egress
  nat_gateways        = var.protect ? var.zones : 1
  session_manager     = var.exec
  xray                = local.traces
  container_instances = var.capacity == "EC2"
  flow_logs           = var.protect ? "ALL" : "REJECT"
  log_key_arn         = module.observability.key_arn
  log_days            = var.log_days
}

module "registry" {
  source = "./modules/registry"
  count  = var.registry ? 1 : 0

  repositories = local.repositories
  deletable    = !var.protect
}

module "database" {
  source = "./modules/database"

  name                = local.name
  subnet_ids          = module.network.database_subnet_ids
  security_group_id   = module.network.security_groups.database
  min_capacity        = var.database.min_capacity
  max_capacity        = var.database.max_capacity
  instances           = var.database.instances
  backup_days         = var.database.backup_days
  snapshot_identifier = var.database.snapshot_identifier
  deletion_protection = var.protect
  apply_immediately   = !var.protect
  log_key_arn         = module.observability.key_arn
  log_days            = var.log_days
  alarm_topic_arn     = module.observability.alarm_topic_arn
}

module "messaging" {
  source = "./modules/messaging"

  name            = local.name
  alarm_topic_arn = module.observability.alarm_topic_arn
  producers = { for consumer in local.consumers : consumer => [
    for service in local.services : local.task_roles[service].work if contains(local.destinations[service], consumer)
  ] }
  receivers = { for consumer in local.consumers : consumer => [local.task_roles[consumer].work] }
}

module "mail" {
  source = "./modules/mail"

  name            = local.name
  region          = var.region
  domain          = var.domain
  zone_id         = local.zone_id
  from            = var.mail_from
  report_address  = var.domain == "" ? "" : var.alarm_email
  key_arn         = module.observability.key_arn
  alarm_topic_arn = module.observability.alarm_topic_arn
}

module "cluster" {
  source = "./modules/cluster"

  name                       = local.name
  capacity                   = var.capacity
  cpu_architecture           = var.cpu_architecture
  container_insights         = var.container_insights
  log_key_arn                = module.observability.key_arn
  log_days                   = var.log_days
  subnet_ids                 = module.network.private_subnet_ids
  instance_security_group_id = module.network.security_groups.instances
}

# Values are put in by deploy/install and deploy/rotate-secrets: none is in any state.
resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV_AWS_149:AWS's own key costs nothing; nobody outside this account reads these
  #checkov:skip=CKV2_AWS_57:deploy/rotate-secrets renews them, since new values need new tasks
  for_each = {
    "database/auth"   = "The password of the role onus_auth"
    "database/task"   = "The password of the role onus_task"
    "database/audit"  = "The password of the role onus_audit"
    "database/notify" = "The password of the role onus_notify"
    "auth-secret"     = "What auth-service derives its keys from: see its README before changing it"
    "clients/task"    = "By which auth-service knows task-service"
    "clients/audit"   = "By which auth-service knows audit-service"
    "clients/notify"  = "By which auth-service knows notify-service"
    "database-ca"     = "The root certificates of RDS in this region (PEM)"
  }

  name                    = "onus/${var.environment}/${each.key}"
  description             = each.value
  recovery_window_in_days = var.protect ? 30 : 0
}

module "service" {
  source   = "./modules/service"
  for_each = toset(local.services)

  name       = local.name
  service    = each.key
  region     = var.region
  image      = lookup(local.images, each.key, null)
  repository = { url = local.repository_urls["onus/${each.key}-service"], arn = local.repository_arns["onus/${each.key}-service"] }
  ports      = local.ports[each.key]

  environment = merge(local.settings[each.key], { AWS_REGION = var.region }, lookup(var.more_settings, each.key, {}))
  secrets     = merge(local.secret_settings[each.key], lookup(var.more_secrets, each.key, {}))
  migration   = { environment = local.migration_settings[each.key], secrets = local.migration_secrets[each.key] }

  serve = try(var.sizes[each.key].serve, {})
  work  = try(var.sizes[each.key].work, {})
  # Long polls make task-service's slowest answers 25 seconds long, as they should be.
  canary = merge(var.canary, { max_p99_seconds = each.key == "task" ? null : 3 })

  cluster = {
    arn               = module.cluster.cluster_arn
    name              = module.cluster.cluster_name
    capacity_provider = module.cluster.capacity_provider
    traffic_role_arn  = module.cluster.traffic_role_arn
  }
  launch_type      = var.capacity == "EC2" ? "EC2" : "FARGATE"
  cpu_architecture = var.cpu_architecture
  vpc_id           = module.network.vpc_id
  subnet_ids       = contains(["auth", "notify"], each.key) ? module.network.egress_subnet_ids : module.network.private_subnet_ids
  security_group_ids = compact([
    module.network.security_groups.services,
    contains(["auth", "notify"], each.key) ? module.network.security_groups.egress : null,
  ])

  load_balancer     = module.edge.load_balancer
  public_rule_arn   = module.edge.public_rule_arns[each.key]
  internal_target   = contains(["auth", "task"], each.key)
  internal_rule_arn = lookup(module.edge.internal_rule_arns, each.key, null)

  sends_to         = [for consumer in local.destinations[each.key] : module.messaging.queues[consumer].arn]
  receives_from    = contains(local.consumers, each.key) ? { arn = module.messaging.queues[each.key].arn, name = module.messaging.queues[each.key].name } : null
  mail             = each.key == "notify" && local.mails ? { identity_arn = module.mail.identity_arn, configuration_set_arn = module.mail.configuration_set_arn } : null
  discovery_bucket = each.key == "auth" ? { arn = module.web.site_bucket_arn } : null
  collector        = local.traces ? { image = var.collector_image, repository_arn = local.repository_arns["onus/collector"] } : null
  exec             = var.exec ? { log_group_arn = module.cluster.exec_log_group.arn } : null

  log_group       = module.observability.log_groups[each.key]
  alarm_topic_arn = module.observability.alarm_topic_arn
}

module "edge" {
  source = "./modules/edge"

  name            = local.name
  domain          = var.domain
  zone_id         = local.zone_id
  subnet_ids      = module.network.private_subnet_ids
  security_groups = { load_balancer = module.network.security_groups.load_balancer, vpc_link = module.network.security_groups.vpc_link }

  services = { for service in local.services : service => {
    port = local.ports[service].public
    # The other services fetch the public keys here; browsers and API Gateway get them from the bucket.
    paths = service == "auth" ? ["/api/*", "/.well-known/*"] : ["/api/*"]
    blue  = local.target_groups[service].blue
    green = local.target_groups[service].green
  } }
  internal_services = { for service in ["auth", "task"] : service => {
    port         = local.ports[service].internal
    target_group = local.target_groups[service].internal
  } }

  # From the services' API documents, by `cargo xtask routes`.
  routes          = [for route in jsondecode(file("${path.module}/routes.json")) : route if startswith(route.path, "/api/")]
  ready           = local.ready
  issuer          = module.web.url
  allowed_origins = var.allowed_origins
  rate            = var.throttle.rate
  burst           = var.throttle.burst

  deletion_protection = var.protect
  deletable           = !var.protect
  log_key_arn         = module.observability.key_arn
  log_days            = var.log_days
  alarm_topic_arn     = module.observability.alarm_topic_arn
}

module "web" {
  source = "./modules/web"

  name        = local.name
  domain      = var.domain
  zone_id     = local.zone_id
  api_host    = module.edge.api_host
  price_class = var.price_class
  firewall    = var.firewall
  log_days    = var.log_days
  deletable   = !var.protect
}

module "delivery" {
  source = "./modules/delivery"
  count  = var.repository == "" ? 0 : 1

  name        = local.name
  repository  = var.repository
  environment = var.environment
  # The account has one, and bootstrap/ makes it.
  oidc_provider_arn = "arn:${data.aws_partition.this.partition}:iam::${data.aws_caller_identity.this.account_id}:oidc-provider/token.actions.githubusercontent.com"
  parameter_path    = "/onus/${var.environment}"
  repository_arns   = values(local.repository_arns)
  cluster_arn       = module.cluster.cluster_arn
  log_group_arns    = [for service in local.services : module.observability.log_groups[service].arn]
  site_bucket_arn   = module.web.site_bucket_arn
  distribution_arn  = module.web.distribution_arn
}
