"""The coded gradients against differences of the coded losses, and what must hold between functions."""

import pytest

from . import claims


@pytest.mark.parametrize(
    "claim",
    [
        claims.bce_gradient_is_the_loss_s_difference,
        claims.bce_second_derivative_is_the_gradient_s_difference,
        claims.ce_gradient_is_the_loss_s_difference,
        claims.hvp_is_the_gradient_s_difference,
        claims.mse_gradient_is_the_loss_s_difference,
        claims.mse_second_derivative_is_the_gradient_s_difference,
        claims.relu_gradient_is_the_loss_s_difference,
        claims.tanh_gradient_is_the_loss_s_difference,
        claims.gradient_rows_sum_to_zero,
        claims.probabilities_sum_to_one,
        claims.one_hot_is_the_class_index,
        claims.true_class_keeps_its_digits,
        claims.shift_changes_nothing,
        claims.every_axis_agrees,
        claims.pairs_agree,
        claims.masked_classes_count_for_nothing,
        claims.infinite_logits_are_limits,
        claims.saturated_mse_has_no_gradient,
        claims.nothing_escapes,
    ],
    ids=lambda claim: claim.__name__,
)
def test_claim_holds(library, claim):
    claim(library)
