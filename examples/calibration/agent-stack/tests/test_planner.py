from unittest import mock

with mock.patch("redis.Redis"), mock.patch.dict("os.environ", {"REDIS_PASSWORD": "x"}):
    from colleague.planner import plan


def test_a_plan_ends_with_a_review():
    assert plan("why?")[-1] == "review"
