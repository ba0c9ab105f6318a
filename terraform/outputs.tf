output "url" {
  description = "The address to open."
  value       = module.web.url
}

output "deployment" {
  description = "What the scripts in deploy/ need to know. The parameter /onus/<environment>/deployment says the same."
  value       = local.deployment
}

output "dashboard_url" {
  description = "The dashboard."
  value       = module.observability.dashboard_url
}

output "dns_records" {
  description = "Records for mail: made already where the domain has its zone here."
  value       = module.mail.dns_records
}

output "deploy_role_arn" {
  description = "The role that GitHub's deploy workflows take on; null without a repository."
  value       = one(module.delivery[*].deploy_role_arn)
}

output "images_role_arn" {
  description = "The role that GitHub's images workflow takes on; null without a repository."
  value       = one(module.delivery[*].images_role_arn)
}

locals {
  deployment = {
    environment = var.environment
    region      = var.region
    url         = module.web.url
    cluster     = module.cluster.cluster_name
    # For one-off tasks: a migration is not to be interrupted because somebody bids more.
    capacity_provider = var.capacity == "FARGATE_SPOT" ? "FARGATE" : module.cluster.capacity_provider
    subnets           = module.network.private_subnet_ids
    security_group    = module.network.security_groups.services
    site_bucket       = module.web.site_bucket
    distribution_id   = module.web.distribution_id
    database          = module.database.cluster_identifier
    repositories      = { for name, url in local.repository_urls : trimsuffix(trimprefix(name, "onus/"), "-service") => url }
    services = { for service in local.services : service => merge(local.service_names[service], {
      log_group = module.observability.log_groups[service].name
    }) }
  }
}

resource "aws_ssm_parameter" "deployment" {
  #checkov:skip=CKV2_AWS_34:Names of resources are no secret
  #checkov:skip=CKV_AWS_337:As above
  name        = "/onus/${var.environment}/deployment"
  description = "What the scripts in deploy/ need to know"
  type        = "String"
  value       = jsonencode(local.deployment)
}
