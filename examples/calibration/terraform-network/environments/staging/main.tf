terraform {
  required_version = "~> 1.10"
  backend "s3" {
    bucket       = "network-state"
    key          = "staging.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-central-1"
}

module "network" {
  source = "../../modules/network"
  name   = "staging"
  cidr   = "10.21.0.0/16"
  zones  = ["eu-central-1a", "eu-central-1b"]
}

module "database" {
  source      = "../../modules/database"
  name        = "staging"
  subnets     = module.network.subnets
  size        = "db.t4g.medium"
  production  = false
  alarm_topic = "arn:aws:sns:eu-central-1:111122223333:office-hours"
}
