// SPDX-License-Identifier: Apache-2.0

package dataclone

// judge finds what is wrong with the plan as a whole, and with each of its steps.
func (p *Plan) judge(knowledge, Request) {}
