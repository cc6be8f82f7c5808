@_exported import BuddyEngine
@_exported import GFP
@_exported import KernelText
@_exported import PageAllocator
@_exported import Report
@_exported import Simulation
@_exported import Topology
